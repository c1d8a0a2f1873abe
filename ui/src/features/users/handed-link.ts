/** A one-time link for a person; null where it went out by mail. */
export interface HandedLink {
  readonly name: string;
  readonly link: string | null;
  readonly expiresAt: string;
}
