import { expect, test } from 'vitest';
import { openPgBus } from './bus-pg.ts';
import { createLog } from './log.ts';
import { describeBus } from './testing/bus-contract.ts';
import { createTestDatabase } from './testing/postgres.ts';
import { query } from './testing/query.ts';

const log = createLog({ level: 'silent' });

async function openPair() {
  const database = await createTestDatabase('bus');
  const here = await openPgBus({ url: database.url, log });
  const there = await openPgBus({ url: database.url, log });
  return {
    here,
    there,
    url: database.url,
    async [Symbol.asyncDispose]() {
      await here[Symbol.asyncDispose]();
      await there[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

const CUT = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'muster-bus' and datname = current_database()`;

describeBus('pg', openPair);

test('a payload too large for a notification arrives as a wake-up', async () => {
  await using ends = await openPair();
  const [own, heard] = [ends.here.subscribe<string>('a'), ends.there.subscribe<string>('a')];

  ends.here.publish('a', 'x'.repeat(9_000));

  expect((await own.next()).value).toHaveLength(9_000);
  expect((await heard.next()).value).toBeNull();
});

test('who listens is told to read again when a lost connection is back, and goes on hearing', async () => {
  await using ends = await openPair();
  const heard = ends.there.subscribe('a');

  await query(ends.url, CUT);

  expect((await heard.next()).value).toBeNull();
  const later = heard.next();
  const again = setInterval(() => ends.here.publish('a', 'later'), 50);
  try {
    let { value } = await later;
    while (value === null) ({ value } = await heard.next());
    expect(value).toBe('later');
  } finally {
    clearInterval(again);
  }
});

test('what is said while the connection is lost makes everybody read again', async () => {
  await using ends = await openPair();
  const [own, other] = [ends.here.subscribe('a'), ends.there.subscribe('b')];
  await query(
    ends.url,
    `select pg_terminate_backend((select pid from pg_stat_activity where application_name = 'muster-bus'
      and datname = current_database() order by backend_start limit 1))`,
  );

  ends.here.publish('a', 'lost to others');

  expect((await own.next()).value).toBe('lost to others');
  expect((await other.next()).value).toBeNull();
});

test('a database that cannot be reached is said at once', async () => {
  await expect(openPgBus({ url: 'postgres://nobody@127.0.0.1:1/none', log })).rejects.toThrow(/ECONNREFUSED/);
});
