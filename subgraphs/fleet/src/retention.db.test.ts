import { type Database, openDatabase } from '@muster/kit/database/database';
import { provisionDatabase } from '@muster/kit/database/provision';
import { createTestDatabase, type TestDatabase } from '@muster/kit/testing/postgres';
import { query } from '@muster/kit/testing/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from './migrations/list.ts';
import { forgetOld } from './retention.ts';

const LIMITS = { commandDays: 90, inventoryChangeDays: 365 };

let server: TestDatabase;
let database: Database;
let url: string;
let made = 0;
beforeAll(async () => {
  server = await createTestDatabase('retention');
  url = (await provisionDatabase(server.url, ['fleet'], () => 'pw')).get('fleet')!.url;
  database = await openDatabase({ url, schema: 'fleet', entities: [], migrations });
  await query(
    url,
    `insert into device (id, public_key, organization_id, site_id, hostname, os_family, status, agent_version, protocol, enrolled_at, last_seen_at, search_text)
      values ($1, 'k', $1, $1, 'h', 'LINUX', 'OFFLINE', '1', 1, now(), now(), 'h')`,
    [device],
  );
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** An id that was made that many days ago. */
function idOf(daysAgo: number): string {
  const time = (Date.now() - daysAgo * 86_400_000).toString(16).padStart(12, '0');
  made += 1;
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, '0')}`;
}
const device = idOf(0);

async function storeJob(daysAgo: number): Promise<string> {
  const id = idOf(daysAgo);
  await query(
    url,
    `insert into job (id, organization_ids, requester_kind, requester_id, requester_name, request_key, request_hash, spec, environment, device_count, expires_at)
      values ($1::uuid, '{}', 'USER', 'a', 'a', $1::uuid::text, '', '{}', '', 1, now())`,
    [id],
  );
  return id;
}

async function storeCommand(
  daysAgo: number,
  end: { hasEnded: boolean; jobId?: string; chunks?: number },
): Promise<string> {
  const id = idOf(daysAgo);
  await query(
    url,
    `insert into command (id, organization_id, device_id, requester_kind, requester_id, requester_name, expires_at, job_id, status, finished_at)
      values ($1, $2, $2, 'USER', 'a', 'a', now(), $4, case when $3 then 'SUCCEEDED' else 'RUNNING' end, case when $3 then now() end)`,
    [id, device, end.hasEnded, end.jobId ?? null],
  );
  await query(url, `insert into command_output select $1, n, 'STDOUT', now(), 'x' from generate_series(1, $2::int) n`, [
    id,
    end.chunks ?? 1,
  ]);
  return id;
}

test('commands that ended long ago are forgotten with their output and their job, in bites; nothing else is', async () => {
  const [oldJob, recentJob] = [await storeJob(100), await storeJob(5)];
  await storeCommand(95, { hasEnded: true, jobId: oldJob, chunks: 12_000 });
  const running = await storeCommand(95, { hasEnded: false });
  const recent = await storeCommand(5, { hasEnded: true, jobId: recentJob });

  expect(await forgetOld(database, LIMITS)).toBe(12_000 + 1 + 1);

  expect(await query(url, 'select id from command order by id')).toEqual([{ id: running }, { id: recent }]);
  expect(await query(url, 'select count(*)::int as n from command_output')).toEqual([{ n: 2 }]);
  expect(await query(url, 'select id from job')).toEqual([{ id: recentJob }]);
});

test('changes of inventories are forgotten after their own time', async () => {
  const kept = idOf(300);
  for (const id of [idOf(400), kept])
    await query(url, `insert into inventory_change values ($1, $2, 'OS', now(), 'CHANGED', 'name', null, null, null)`, [
      id,
      device,
    ]);

  expect(await forgetOld(database, LIMITS)).toBe(1);

  expect(await query(url, 'select id from inventory_change')).toEqual([{ id: kept }]);
});
