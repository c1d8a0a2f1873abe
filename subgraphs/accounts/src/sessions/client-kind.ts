/** What a session lives in: a browser's cookie or a script's bearer token. */
export const ClientKind = { BROWSER: 'BROWSER', CLI: 'CLI' } as const;

/** One of the kinds. */
export type ClientKind = (typeof ClientKind)[keyof typeof ClientKind];
