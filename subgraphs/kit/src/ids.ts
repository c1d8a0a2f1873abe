import { v7, validate } from 'uuid';
import { badInput } from './errors.ts';

/** A new id that sorts by time of creation (UUIDv7). */
export const newId = (): string => v7();

/** True for the text form of a UUID; anything else is no id of ours and must not reach a query. */
export const isId = (value: string): boolean => validate(value);

/** The id, or BAD_USER_INPUT naming the input's path. */
export function requireId(path: string, value: string): string {
  if (!isId(value)) throw badInput(path, 'is not an id');
  return value;
}
