import { graphql, type ResultOf } from '#graph/graphql.ts';

/** Everything that people and keys can be allowed, in words. */
export const permissionsQuery = graphql(`
  query Permissions {
    permissions {
      name
      description
      needsStepUp
      isForApiKeys
    }
  }
`);

type CataloguePermission = ResultOf<typeof permissionsQuery>['permissions'][number];

/** A permission that can be ticked. */
export type PermissionChoice = Pick<CataloguePermission, 'name' | 'description'>;

/** Permissions about one kind of thing. */
export interface PermissionGroup {
  readonly noun: string;
  readonly title: string;
  readonly choices: readonly PermissionChoice[];
}

interface Narrowing {
  /** What the person holds: nobody gives what they lack. */
  readonly held: ReadonlySet<string>;
  readonly isForApiKey?: boolean;
}

/** What the person can give: of the catalogue what they hold and the receiver can have; without a catalogue the bare names. */
export function choosable(
  catalogue: readonly CataloguePermission[] | undefined,
  { held, isForApiKey = false }: Narrowing,
): readonly PermissionChoice[] {
  if (!catalogue) return [...held].toSorted().map(name => ({ name, description: '' }));
  return catalogue.filter(permission => held.has(permission.name) && (!isForApiKey || permission.isForApiKeys));
}

const titles: Record<string, string> = { apikey: 'API keys', sso: 'Single sign-on' };

function titleOf(noun: string): string {
  return titles[noun] ?? noun.charAt(0).toUpperCase() + noun.slice(1);
}

/** Permissions by what they are about, in the order of the catalogue. */
export function groupByNoun(choices: readonly PermissionChoice[]): readonly PermissionGroup[] {
  const groups = Map.groupBy(choices, ({ name }) => name.split(':')[0] ?? name);
  return [...groups].map(([noun, members]) => ({ noun, title: titleOf(noun), choices: members }));
}

/** Permissions whose name or description has every word. */
export function matching(choices: readonly PermissionChoice[], search: string): readonly PermissionChoice[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ name, description }) => {
    const text = `${name} ${description}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
}

/** The ticked names after some were ticked or not, each once and in order. */
export function withTicked(ticked: readonly string[], names: readonly string[], isTicked: boolean): string[] {
  const rest = ticked.filter(name => !names.includes(name));
  return (isTicked ? [...rest, ...names] : rest).toSorted();
}
