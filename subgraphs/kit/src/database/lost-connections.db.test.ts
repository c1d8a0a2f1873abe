import { defineEntity } from '@mikro-orm/core';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../testing/postgres.ts';
import { query } from '../testing/query.ts';
import { openDatabase } from './database.ts';
import { provisionDatabase } from './provision.ts';

const NoteSchema = defineEntity({ name: 'Note', tableName: 'note', properties: p => ({ id: p.uuid().primary() }) });
class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

test('keeps every place of the pool when the server ends connections in the middle of transactions', async () => {
  await using admin = await createTestDatabase('lost');
  const urls = await provisionDatabase(admin.url, ['one'], () => 'password');
  await using database = await openDatabase({
    url: urls.get('one')!.url,
    schema: 'one',
    entities: [Note] as never,
    migrations: [],
    maxConnections: 2,
  });
  const transaction = (sql: string) => database.fork().transactional(em => em.execute(sql));
  const kill = () =>
    query(
      admin.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where usename like '%\\_one' and datname = current_database()",
    );
  const running = "select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()";

  for (let round = 0; round < 5; round++) {
    const lost = transaction('select pg_sleep(60)').catch(() => 'lost');
    await expect.poll(() => query(admin.url, running)).not.toEqual([]);
    await kill();
    expect(await lost).toBe('lost');
  }

  await expect.poll(() => transaction('select 1 as n').catch(() => [])).toEqual([{ n: 1 }]);
});
