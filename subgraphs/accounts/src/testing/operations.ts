import { routerViewer, type Viewer } from '@muster/kit/auth/viewer';
import { createContext, type RequestContext } from '@muster/kit/context';
import { type Answer, administrator, setupSecret, type TestAccounts } from './accounts.ts';

const COMPLETE_SETUP = `mutation ($input: CompleteSetupInput!) {
  completeSetup(input: $input) { token viewer { kind permissions user { id email name } } }
}`;
const LOG_IN = `mutation ($input: LogInInput!) {
  logIn(input: $input) { __typename ... on LoggedIn { token viewer { kind permissions user { email } } } }
}`;

/** Completes the set-up as the tests' administrator, but for what is given. */
export function completeSetup(
  accounts: Pick<TestAccounts, 'call'>,
  input: Record<string, unknown> = {},
  context?: RequestContext,
): Promise<Answer> {
  return accounts.call(COMPLETE_SETUP, { input: { ...administrator, secret: setupSecret, ...input } }, context);
}

/** Signs in as the tests' administrator, but for what is given. */
export function logIn(
  accounts: Pick<TestAccounts, 'call'>,
  input: Record<string, unknown> = {},
  context?: RequestContext,
): Promise<Answer> {
  const { email, password } = administrator;
  return accounts.call(LOG_IN, { input: { email, password, ...input } }, context);
}

/** Asks as the router whom a credential belongs to. */
export async function authenticate(
  accounts: Pick<TestAccounts, 'call'>,
  credential: string,
  isActivity = true,
): Promise<{ viewer: Viewer; expiresAt: string } | null> {
  const { data } = await accounts.call(
    'query ($credential: String!, $isActivity: Boolean) { authentication(credential: $credential, isActivity: $isActivity) { viewer expiresAt } }',
    { credential, isActivity },
    createContext({ viewer: routerViewer }),
  );
  const answer = data?.authentication as { viewer: string; expiresAt: Date } | null;
  return answer && { viewer: JSON.parse(answer.viewer), expiresAt: new Date(answer.expiresAt).toISOString() };
}

/** Completes the set-up for a script and answers its token and a context that its calls come with. */
export async function becomeOwner(accounts: TestAccounts): Promise<{ token: string; context: RequestContext }> {
  const token = tokenOf(await completeSetup(accounts, { clientKind: 'CLI' }));
  const resolved = await authenticate(accounts, token);
  if (!resolved) throw new Error('the new session authenticates nobody');
  return { token, context: createContext({ viewer: resolved.viewer, remoteAddress: '192.0.2.1' }) };
}

/** The token in the answer of completeSetup or logIn, or of the session it hands to a browser. */
export function tokenOf(answer: Answer): string {
  const { completeSetup, logIn } = (answer.data ?? {}) as Record<string, { token: string | null } | undefined>;
  const { session } = answer.context.effects;
  const token = (completeSetup ?? logIn)?.token ?? (session?.kind === 'opened' ? session.token : undefined);
  if (!token) throw new Error(`nobody is signed in: ${JSON.stringify(answer.errors)}`);
  return token;
}
