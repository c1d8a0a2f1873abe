const COMMON_CORES = new Set([
  'password',
  'passwort',
  'passphrase',
  'passw0rd',
  'p@ssword',
  'p@ssw0rd',
  'motdepasse',
  'contraseña',
  'welcome',
  'willkommen',
  'letmein',
  'changeme',
  'secret',
  'topsecret',
  'administrator',
  'admin',
  'root',
  'default',
  'qwerty',
  'qwertz',
  'azerty',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'iloveyou',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'superman',
  'batman',
  'master',
  'shadow',
  'trustno',
  'whatever',
  'computer',
  'internet',
  'muster',
]);
const COMMON_SEQUENCES = [
  '01234567890123456789',
  '12345678901234567890',
  '09876543210987654321',
  '98765432109876543210',
  'abcdefghijklmnopqrstuvwxyz',
  'zyxwvutsrqponmlkjihgfedcba',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn',
  'qazwsxedcrfvtgbyhnujm',
];
/** Digits and signs that people put around a word to please a rule. */
const DECORATION = /^[\d\W_]+|[\d\W_]+$/gu;

/**
 * True for the passwords that guessers try first: a common word with digits and signs around it, the same word several
 * times, or a run over the keyboard, the alphabet or the digits.
 */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase();
  const core = lower.replace(DECORATION, '');
  return (
    COMMON_CORES.has(lower) ||
    COMMON_CORES.has(core) ||
    COMMON_CORES.has(repeatedUnitOf(core)) ||
    (lower.length >= 4 && COMMON_SEQUENCES.some(sequence => sequence.includes(lower)))
  );
}

/** The shortest text that, written several times, makes the whole. */
export function repeatedUnitOf(text: string): string {
  const length = (text + text).indexOf(text, 1);
  return length < 0 ? text : text.slice(0, length);
}
