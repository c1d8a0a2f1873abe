import type { StatusLook } from '#design/status.ts';
import type { UserRow } from './users.ts';

/** How each state of a person is shown. */
export const userStatusLooks: Record<UserRow['status'], StatusLook> = {
  ACTIVE: { word: 'Active', tone: 'ok', shape: 'dot', hint: 'Can sign in.' },
  INVITED: { word: 'Invited', tone: 'info', shape: 'diamond', hint: 'Has not used the invitation yet.' },
  DISABLED: { word: 'Disabled', tone: 'off', shape: 'cross', hint: 'Is locked out.' },
};
