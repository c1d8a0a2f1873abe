import { expect, test } from 'vitest';
import { createTestDatabase } from '../testing/postgres.ts';
import { query } from '../testing/query.ts';
import { provisionDatabase } from './provision.ts';

const passwordOf = (service: string): string => `password-of-${service}`;

test('gives each service a role that can neither read nor write the schema of another', async () => {
  await using database = await createTestDatabase();
  const urls = await provisionDatabase(database.url, ['accounts', 'fleet'], passwordOf);
  const url = (service: string): string => urls.get(service)?.url ?? '';

  await query(url('accounts'), 'create table mine (n int)');

  await expect(query(url('fleet'), 'select * from accounts.mine')).rejects.toThrow('permission denied');
  await expect(query(url('fleet'), 'create table accounts.theirs (n int)')).rejects.toThrow('permission denied');
  await expect(query(url('fleet'), 'create schema theirs')).rejects.toThrow('permission denied');
});

test('lets others call what a service publishes in a schema of its own, and nothing more', async () => {
  await using database = await createTestDatabase();
  const services = [{ name: 'accounts', publishes: ['directory'] }, 'fleet'];
  const urls = await provisionDatabase(database.url, services, passwordOf);
  const url = (service: string): string => urls.get(service)?.url ?? '';

  await query(url('accounts'), "create function directory.answer() returns int language sql as 'select 42'");

  expect(await query(url('fleet'), 'select directory.answer() as n')).toEqual([{ n: 42 }]);
  await expect(query(url('fleet'), 'create table directory.mine (n int)')).rejects.toThrow('permission denied');
});

test('does no harm again, and takes several databases of one server at once', async () => {
  const databases = await Promise.all(Array.from({ length: 5 }, () => createTestDatabase()));

  await Promise.all(databases.map(({ url }) => provisionDatabase(url, ['accounts', 'fleet'], passwordOf)));
  await Promise.all(databases.map(({ url }) => provisionDatabase(url, ['accounts', 'fleet'], passwordOf)));

  for (const database of databases) {
    expect(await query(database.url, "select to_regnamespace('fleet') is not null as found")).toEqual([
      { found: true },
    ]);
    await database[Symbol.asyncDispose]();
  }
});
