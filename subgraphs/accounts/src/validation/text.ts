const MAX_NAME_LENGTH = 100;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** True for text that PostgreSQL can store: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Number of characters as people count them, nearly: code points. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** What is wrong with a name that people read: one visible line of 1 to 100 characters. */
export function nameProblems(name: string): string[] {
  const trimmed = name.trim();
  if (trimmed === '') return ['is empty'];
  if (lengthOf(trimmed) > MAX_NAME_LENGTH) return [`is longer than ${MAX_NAME_LENGTH} characters`];
  const isOneLine = isStorable(trimmed) && !CONTROL_CHARACTERS.test(trimmed);
  return isOneLine ? [] : ['contains characters that cannot be shown'];
}

const MAX_MESSAGE_LENGTH = 1000;

/** What is wrong with a message to people: up to 1000 characters in any number of lines, or nothing at all. */
export function messageProblems(message: string): string[] {
  if (lengthOf(message) > MAX_MESSAGE_LENGTH) return [`is longer than ${MAX_MESSAGE_LENGTH} characters`];
  const isPlain = isStorable(message) && !CONTROL_CHARACTERS.test(message.replace(/[\r\n\t]/g, ''));
  return isPlain ? [] : ['contains characters that cannot be shown'];
}
