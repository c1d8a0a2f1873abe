/** Whether a person can sign in. */
export const UserStatus = { ACTIVE: 'ACTIVE', INVITED: 'INVITED', DISABLED: 'DISABLED' } as const;

/** One of the states. */
export type UserStatus = (typeof UserStatus)[keyof typeof UserStatus];
