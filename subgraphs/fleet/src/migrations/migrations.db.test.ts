import { openDatabase } from '@muster/kit/database/database';
import { provisionDatabase } from '@muster/kit/database/provision';
import { createTestDatabase } from '@muster/kit/testing/postgres';
import { query } from '@muster/kit/testing/query';
import { expect, test } from 'vitest';
import { migrations } from './list.ts';

test('what an earlier release has stored is there, and is shown in lists, after the upgrade', async () => {
  await using server = await createTestDatabase('migrations');
  const { url } = (await provisionDatabase(server.url, ['fleet'], () => 'pw')).get('fleet')!;
  const earlier = await openDatabase({ url, schema: 'fleet', entities: [], migrations: migrations.slice(0, 1) });
  await earlier[Symbol.asyncDispose]();
  const id = '00000000-0000-4000-8000-000000000001';
  await query(
    url,
    `insert into device (id, public_key, organization_id, site_id, hostname, os_family, status, agent_version, protocol, enrolled_at, last_seen_at, search_text)
      values ($1, 'k', $1, $1, 'h', 'LINUX', 'ONLINE', '1', 1, now(), now(), 'h')`,
    [id],
  );
  await query(
    url,
    `insert into inventory_section values ($1, 'OS', 'a', '{"name":"Debian","version":"12","needsReboot":true}', now()),
      ($1, 'HARDWARE', 'b', '{"model":"M","memoryBytes":17179869184,"cpu":{"threads":8}}', now())`,
    [id],
  );
  await query(
    url,
    `insert into command (id, organization_id, device_id, requester_kind, requester_id, requester_name, request_key, request_hash, spec, environment, expires_at)
      values ($1, $1, $1, 'USER', 'a', 'a', 'k', '', '{"timeoutSeconds":7}', '', now())`,
    [id],
  );

  await using _database = await openDatabase({ url, schema: 'fleet', entities: [], migrations });

  expect(
    await query(url, 'select os_name, os_version, needs_reboot, model, memory_bytes, cpu_threads, tags from device'),
  ).toEqual([
    {
      os_name: 'Debian',
      os_version: '12',
      needs_reboot: true,
      model: 'M',
      memory_bytes: '17179869184',
      cpu_threads: 8,
      tags: [],
    },
  ]);
  expect(await query(url, 'select timeout_seconds, is_limited, job_id from command')).toEqual([
    { timeout_seconds: 7, is_limited: false, job_id: null },
  ]);
  expect(await query(url, `select data->>'model' as model from inventory_section where section = 'HARDWARE'`)).toEqual([
    { model: 'M' },
  ]);
});
