import { badInput } from '@muster/kit/errors';

const MAX_NAME = 100;
const MAX_TAGS = 50;
const MAX_TAG = 64;
const MAX_NOTES = 20_000;
// letters, marks, digits and what people join words with: no commas and no controls, so that lists of tags stay readable
const TAG = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} ._:/@+-]*$/u;

/** The name as it is stored: trimmed, null where there is none. */
export function parseDisplayName(text: string | null | undefined): string | null {
  const name = text?.trim() ?? '';
  if (name.length > MAX_NAME) throw badInput('input.displayName', `is longer than ${MAX_NAME} characters`);
  if (/\p{Cc}/u.test(name)) throw badInput('input.displayName', 'holds a control character');
  return name === '' ? null : name;
}

/** The tags as they are stored: trimmed, in lower case, once each, in order. */
export function parseTags(texts: readonly string[]): string[] {
  if (texts.length > MAX_TAGS) throw badInput('input.tags', `has more than ${MAX_TAGS} entries`);
  const tags = texts.map((text, index) => {
    const tag = text.trim().toLowerCase();
    if (tag.length > MAX_TAG) throw badInput(`input.tags.${index}`, `is longer than ${MAX_TAG} characters`);
    if (!TAG.test(tag)) throw badInput(`input.tags.${index}`, 'is not a word of letters, digits and . _ : / @ + -');
    return tag;
  });
  return [...new Set(tags)].sort();
}

/** The notes as they are stored, null where there are none. */
export function parseNotes(text: string | null | undefined): string | null {
  const notes = (text ?? '').replaceAll('\0', '');
  if (notes.length > MAX_NOTES) throw badInput('input.notes', `is longer than ${MAX_NOTES} characters`);
  return notes.trim() === '' ? null : notes;
}
