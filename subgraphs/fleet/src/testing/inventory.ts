import { createHash } from 'node:crypto';

/** A section as an agent sends it. */
export function section(name: string, data: unknown): { section: string; data: string; hash: string } {
  const text = JSON.stringify(data);
  return { section: name, data: text, hash: createHash('sha256').update(text).digest('hex') };
}

/** That many packages of one version. */
export function packages(count: number, version = '1.0'): { name: string; version: string; architecture: string }[] {
  return Array.from({ length: count }, (_, index) => ({ name: `package-${index}`, version, architecture: 'amd64' }));
}
