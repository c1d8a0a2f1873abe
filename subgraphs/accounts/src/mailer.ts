/** A message to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail; resolves once somebody else has taken charge of it. Without one, links are shown to who asked for them. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}
