import { minimumPasswordLength } from './accounts.ts';

/** How hard a password is to guess, from 0 (too short) to 4, and the sentence that helps to improve it. */
export interface PasswordStrength {
  readonly level: 0 | 1 | 2 | 3 | 4;
  readonly word: string;
  readonly advice: string;
}

const common = [
  'password',
  'passwort',
  'muster',
  'admin',
  'letmein',
  'welcome',
  'qwerty',
  'qwertz',
  '123456',
  'abc123',
  'changeme',
];

// Each repeated or neighbouring character adds next to nothing to a guess.
function countSurprises(password: string): number {
  let surprises = 0;
  for (let index = 0; index < password.length; index += 1) {
    const step = password.charCodeAt(index) - password.charCodeAt(index - 1);
    if (index === 0 || Math.abs(step) > 1) surprises += 1;
  }
  return surprises;
}

function estimateBits(password: string): number {
  const pools: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^a-zA-Z0-9]/, 33],
  ];
  const pool = pools.reduce((sum, [pattern, size]) => (pattern.test(password) ? sum + size : sum), 0);
  const varied = Math.min(countSurprises(password), new Set(password).size * 2);
  const isCommon = common.some(word => password.toLowerCase().includes(word));
  // Words and keyboards are not random: three bits less for each character than chance would give.
  return Math.max(0, varied * (Math.log2(Math.max(2, pool)) - 2) - (isCommon ? 20 : 0));
}

/** Rates a password by length, variety and the commonest words; a hint, not a gate. */
export function passwordStrength(password: string): PasswordStrength {
  if (password.length < minimumPasswordLength) {
    const missing = minimumPasswordLength - password.length;
    return {
      level: 0,
      word: 'Too short',
      advice: `${missing} more ${missing === 1 ? 'character' : 'characters'} needed.`,
    };
  }
  const bits = estimateBits(password);
  if (bits < 32) return { level: 1, word: 'Weak', advice: 'Avoid common words, rows of keys and repetition.' };
  if (bits < 48) return { level: 2, word: 'Fair', advice: 'A few more words make it strong.' };
  if (bits < 64) return { level: 3, word: 'Good', advice: 'Good for most uses.' };
  return { level: 4, word: 'Strong', advice: 'Keep it in a password manager.' };
}
