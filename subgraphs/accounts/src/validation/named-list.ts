import { decodeCursor, encodeCursor } from '@muster/kit/connection';
import { badInput } from '@muster/kit/errors';
import { isId } from '@muster/kit/ids';
import { isStorable } from './text.ts';

const MAX_SEARCH_LENGTH = 100;

/** What lists by name order their rows by. */
export interface NamedRow {
  readonly sortName: string;
  readonly id: string;
}

/** The `ilike` pattern of a search, or undefined where nothing is searched for; signs of patterns stand for themselves. */
export function patternOf(search: string | null | undefined): string | undefined {
  const text = search?.trim() ?? '';
  if (text === '') return undefined;
  if (text.length > MAX_SEARCH_LENGTH) throw badInput('search', `is longer than ${MAX_SEARCH_LENGTH} characters`);
  if (!isStorable(text)) throw badInput('search', 'contains characters that no name has');
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** The cursor of a row in a list by name. */
export function nameCursorOf(row: NamedRow): string {
  return encodeCursor([row.sortName, row.id]);
}

/** The condition on rows after the cursor in a list by name; BAD_USER_INPUT for a cursor of something else. */
export function comesAfterName(cursor: string | null | undefined): object {
  if (!cursor) return {};
  const [sortName, id] = decodeCursor(cursor, 2);
  if (typeof sortName !== 'string' || typeof id !== 'string' || !isStorable(sortName) || !isId(id))
    throw badInput('after', 'is not a cursor of this list');
  return { $or: [{ sortName: { $gt: sortName } }, { sortName, id: { $gt: id } }] };
}
