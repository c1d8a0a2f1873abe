import { lengthOf } from '../validation/text.ts';
import { isCommonPassword, repeatedUnitOf } from './common-passwords.ts';
import { localPartOf } from './email.ts';

const MIN_LENGTH = 12;
const MAX_LENGTH = 1000;
/** Shorter names are found in too many good passwords by chance. */
const MIN_NAME_LENGTH = 3;

/** Everything that is wrong with a new password, in words for people; length counts, kinds of characters do not. */
export function passwordProblems(password: string, email: string): string[] {
  const length = lengthOf(password);
  const name = localPartOf(email);
  const rules: [isBroken: boolean, problem: string][] = [
    [length < MIN_LENGTH, `is shorter than ${MIN_LENGTH} characters`],
    [length > MAX_LENGTH, `is longer than ${MAX_LENGTH} characters`],
    [length > 0 && lengthOf(repeatedUnitOf(password)) === 1, 'is one character over and over'],
    [isCommonPassword(password), 'is one of the most common passwords'],
    [
      name.length >= MIN_NAME_LENGTH && password.toLowerCase().includes(name),
      'contains the part of the e-mail address before the @',
    ],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, problem]) => problem);
}
