const MAX_LENGTH = 50;
const FALLBACK = 'organization';

/** A name as it stands in an address: lower-case ASCII letters, digits and single hyphens. */
export function slugOf(name: string): string {
  const ascii = name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  const slug = ascii.slice(0, MAX_LENGTH).replace(/^-+|-+$/g, '');
  return slug === '' ? FALLBACK : slug;
}

/** The slug itself, or with the first free number from 2 on. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let number = 2; ; number++) {
    const candidate = `${slug}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
