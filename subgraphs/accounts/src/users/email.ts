import { isStorable } from '../validation/text.ts';

const MAX_LENGTH = 254;
const LOCAL_PART = /^[^\s@"(),:;<>[\]\\]{1,64}$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/** The one spelling that an e-mail is stored and looked up in. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The part before the @. */
export function localPartOf(email: string): string {
  return normalizeEmail(email).split('@')[0] ?? '';
}

/** True for what could be an e-mail address; whether it receives mail, only mail can tell. */
export function isEmail(email: string): boolean {
  const [local, domain, ...rest] = normalizeEmail(email).split('@');
  if (local === undefined || domain === undefined || rest.length > 0) return false;
  if (email.length > MAX_LENGTH || !isStorable(email) || !LOCAL_PART.test(local)) return false;
  const labels = domain.split('.');
  return (labels.length > 1 || domain === 'localhost') && labels.every(label => LABEL.test(label));
}

/** What is wrong with an e-mail address. */
export function emailProblems(email: string): string[] {
  return isEmail(email) ? [] : ['is not an e-mail address'];
}
