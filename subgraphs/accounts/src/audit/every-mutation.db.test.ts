import { createContext } from '@muster/kit/context';
import { expect, test } from 'vitest';
import { codesOf, startTestAccounts, type TestAccounts } from '../testing/accounts.ts';
import { everyMutation, type Trial } from '../testing/every-mutation.ts';
import { becomeOwner } from '../testing/operations.ts';
import { Outbox } from '../testing/people.ts';

const TIMEOUT_MS = 180_000;

async function startTrial(): Promise<Trial & AsyncDisposable> {
  const outbox = new Outbox();
  let calls = 0;
  // minutes pass between calls, so that no pause for too many of them gets in the way
  const now = (): Date => new Date(Date.now() + ++calls * 1000);
  const accounts = await startTestAccounts({ mailer: outbox, now });
  const { context } = await becomeOwner(accounts);
  // without an address, nothing is counted against it
  const owner = createContext({ viewer: context.viewer });
  return { accounts, outbox, owner, [Symbol.asyncDispose]: () => accounts[Symbol.asyncDispose]() };
}

const tables = [
  'user',
  'user_token',
  'access_request',
  'role',
  'grant',
  'organization',
  'site',
  'session',
  'api_key',
  'settings',
];
const contents = (accounts: TestAccounts) =>
  Promise.all(tables.map(table => accounts.rows(`select * from accounts."${table}" order by id`)));
const trail = (accounts: TestAccounts) =>
  accounts.rows<Record<string, unknown>>('select * from audit.event order by sequence');

test('knows every mutation of the schema', async () => {
  await using trial = await startTrial();
  const fields = Object.keys(trial.accounts.service.schema.getMutationType()?.getFields() ?? {});

  expect([...Object.keys(everyMutation), 'completeSetup'].sort()).toEqual(fields.sort());
});

test('writes exactly one audit row for every mutation, and changes nothing where it cannot', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using trial = await startTrial();
  const { accounts } = trial;

  for (const [name, { action, prepare }] of Object.entries(everyMutation)) {
    const run = await prepare(trial);
    const [before, rows] = [await contents(accounts), (await trail(accounts)).length];

    await accounts.rows('alter table audit.event add constraint nothing_passes check (false) not valid');
    const refused = await run();
    await accounts.rows('alter table audit.event drop constraint nothing_passes');

    expect(codesOf(refused), name).toEqual(['INTERNAL']);
    expect(refused.context.effects.session, name).toBeUndefined();
    expect(await contents(accounts), name).toEqual(before);

    const answer = await run();

    expect(answer.errors, name).toBeUndefined();
    const written = (await trail(accounts)).slice(rows);
    expect(written, name).toMatchObject([{ action, outcome: 'SUCCEEDED', target_id: expect.any(String) }]);
    expect(written[0]?.actor_kind, name).toMatch(
      /^(requestAccess|requestPasswordReset)$/.test(name) ? 'ANONYMOUS' : 'USER',
    );
  }
  const tokens =
    /muster_(cli|browser|setup|invite|reset)_|muster_key_\w{8}_|argon2|nanoseconds|correct horse|staple battery/;
  expect(JSON.stringify(await trail(accounts))).not.toMatch(tokens);
});

test('leaves no audit row of any mutation whose transaction fails at the end', { timeout: TIMEOUT_MS }, async () => {
  await using trial = await startTrial();
  const { accounts } = trial;
  await accounts.rows(
    "create function accounts.refuse() returns trigger language plpgsql as $$ begin raise 'refused at commit'; end $$",
  );

  for (const [name, { prepare }] of Object.entries(everyMutation)) {
    const run = await prepare(trial);
    const rows = (await trail(accounts)).length;
    for (const table of tables)
      await accounts.rows(`create constraint trigger refuse after insert or update or delete on accounts."${table}"
        deferrable initially deferred for each row execute function accounts.refuse()`);

    const answer = await run();

    for (const table of tables) await accounts.rows(`drop trigger refuse on accounts."${table}"`);
    expect(codesOf(answer), name).toEqual(['INTERNAL']);
    expect(answer.context.effects.session, name).toBeUndefined();
    expect(await trail(accounts), name).toHaveLength(rows);
  }
});
