import { createContext, type RequestContext } from '@muster/kit/context';
import type { Mail, Mailer } from '../mailer.ts';
import type { Answer, TestAccounts } from './accounts.ts';
import { authenticate, tokenOf } from './operations.ts';

/** A good password for everybody but the administrator. */
export const password = 'correct horse battery';

/** Keeps mail instead of sending it. */
export class Outbox implements Mailer {
  readonly mails: Mail[] = [];

  async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
  }

  /** The token in the newest mail. */
  get token(): string {
    return tokenIn(this.mails.at(-1)?.text);
  }
}

/** The token at the end of a link. */
export function tokenIn(text: unknown): string {
  return /#token=([\w-]+)/.exec(String(text))?.[1] ?? '';
}

/** Runs a mutation with the one argument `input` and answers its payload, or throws its errors. */
export async function mutate<T = Record<string, never>>(
  accounts: Pick<TestAccounts, 'call'>,
  mutation: string,
  call: { input?: unknown; context?: RequestContext },
): Promise<T> {
  const answer = await attempt(accounts, mutation, call);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return Object.values(answer.data ?? {})[0] as T;
}

/** Runs a mutation, given as `name { selection }`, with the one argument `input`. */
export function attempt(
  accounts: Pick<TestAccounts, 'call'>,
  mutation: string,
  { input, context }: { input?: unknown; context?: RequestContext },
): Promise<Answer> {
  const [, name = '', selection = ''] = /^(\w+)\s*([\s\S]*)$/.exec(mutation) ?? [];
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const text = input
    ? `mutation ($input: ${type}!) { answer: ${name}(input: $input) ${selection} }`
    : `mutation { answer: ${name} ${selection} }`;
  return accounts.call(text, { input }, context);
}

/** The id of a row that has to be there. */
export function idOf(row: { readonly id: string } | undefined): string {
  if (!row) throw new Error('there is no such row');
  return row.id;
}

/** The id of a built-in role. */
export async function roleId(accounts: TestAccounts, key: string): Promise<string> {
  const [row] = await accounts.rows<{ id: string }>('select id from accounts.role where key = $1', [key]);
  return idOf(row);
}

/** An organization with its first site. */
export async function addOrganization(
  accounts: TestAccounts,
  name: string,
  context: RequestContext,
): Promise<{ id: string; siteId: string }> {
  const { organization } = await mutate<{ organization: { id: string; sites: { id: string }[] } }>(
    accounts,
    'createOrganization { organization { id sites { id } } }',
    { input: { name }, context },
  );
  return { id: organization.id, siteId: idOf(organization.sites[0]) };
}

/** Who is to be added, and to what. */
export interface TestPerson {
  readonly email: string;
  readonly role: string;
  readonly scopes?: readonly Record<string, unknown>[];
}

/** Invites somebody; the link is in the answer, as nobody mails in most tests. */
export async function invite(
  accounts: TestAccounts,
  { email, role, scopes = [{ kind: 'ALL' }] }: TestPerson,
  context: RequestContext,
): Promise<{ user: { id: string }; link: string | null }> {
  const input = { email, name: email.split('@')[0], roleId: await roleId(accounts, role), scopes };
  return mutate(accounts, 'inviteUser { user { id } link }', { input, context });
}

/** Lets somebody in, and answers the context of their calls. */
export async function addPerson(
  accounts: TestAccounts,
  person: TestPerson,
  context: RequestContext,
): Promise<{ id: string; token: string; context: RequestContext }> {
  const { user, link } = await invite(accounts, person, context);
  const answer = await accounts.call(
    'mutation ($input: AcceptInvitationInput!) { logIn: acceptInvitation(input: $input) { token } }',
    { input: { token: tokenIn(link), password, clientKind: 'CLI' } },
  );
  const token = tokenOf(answer);
  return { id: user.id, token, context: await contextFor(accounts, token) };
}

/** The context of a call with this credential, as it is at this moment. */
export async function contextFor(accounts: Pick<TestAccounts, 'call'>, token: string): Promise<RequestContext> {
  const resolved = await authenticate(accounts, token);
  if (!resolved) throw new Error('the credential belongs to nobody');
  return createContext({ viewer: resolved.viewer, remoteAddress: '192.0.2.1' });
}
