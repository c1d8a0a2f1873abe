import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Why changes that can break a caller may not be written; undefined where there are none, or a decision record allows them. */
export function refuseBreaking(
  root: string,
  changes: readonly string[],
  allowedBy: string | undefined,
): string | undefined {
  if (!changes.some(change => change.startsWith('breaking:'))) return undefined;
  if (allowedBy === undefined)
    return 'This breaks callers. Deprecate instead, or write an ADR and run npm run schema -- --allow-breaking=NNNN.';
  const folder = join(root, 'docs/adr');
  const isWritten =
    /^\d{4}$/.test(allowedBy) &&
    existsSync(folder) &&
    readdirSync(folder).some(file => file.startsWith(`${allowedBy}-`) && file.endsWith('.md'));
  return isWritten ? undefined : `There is no docs/adr/${allowedBy}-*.md that says why callers may break.`;
}
