import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded.ts';
import { birthMark, isRunning } from './process.ts';
import { chooseAccount, isRoot, mayEnter } from './run-as.ts';

const cleanups: (() => Promise<unknown>)[] = [];
const nobody = isRoot() ? await chooseAccount() : undefined;
const othersMayEnter = nobody !== undefined && (await mayEnter(import.meta.dirname, nobody));

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

test('finds its data again at the second start', async () => {
  const directory = await aDirectory();

  const first = await start({ directory });
  await query(first.url('postgres'), 'create table kept as select 42 as answer');
  await first.stop();
  const second = await start({ directory });

  expect(first.wasAdopted).toBe(false);
  expect(await query(second.url('postgres'), 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(isRunning(first.pid)).toBe(false);
});

test('gives the settings, the locale and the closed doors that it promises', async () => {
  const postgres = await start({ directory: await aDirectory(), settings: { work_mem: '5MB' } });

  const settings = await query(
    postgres.url('postgres'),
    `select name, setting from pg_settings where name in ('shared_buffers', 'max_connections', 'listen_addresses',
       'unix_socket_directories', 'wal_compression', 'work_mem', 'data_checksums') order by name`,
  );
  const locale = await query(
    postgres.url('postgres'),
    `select datlocprovider, datlocale from pg_database where datname = 'postgres'`,
  );
  const stranger = query(postgres.url('postgres').replace(/:[^:@]+@/, ':guess@'), 'select 1');

  expect(Object.fromEntries(settings.map(row => [row.name, row.setting]))).toEqual({
    data_checksums: 'on',
    listen_addresses: '127.0.0.1',
    max_connections: '100',
    shared_buffers: '32768',
    unix_socket_directories: '',
    wal_compression: 'pglz',
    work_mem: '5120',
  });
  expect(locale).toEqual([{ datlocprovider: 'b', datlocale: 'C.UTF-8' }]);
  await expect(stranger).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(postgres.home, 'superuser.secret'))).mode & 0o777).toBe(0o600);
});

test('survives kill -9 of the process that started it, and is adopted by the next start', async () => {
  const directory = await aDirectory();
  const parent = startElsewhere(directory);
  const { pid, port } = await parent.facts;
  parent.process.kill('SIGKILL');
  await once(parent.process, 'exit');

  const next = await start({ directory });

  expect(next).toMatchObject({ pid, port, wasAdopted: true });
  expect(await query(next.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('comes back on the same port with every acknowledged row after kill -9 of the server', async () => {
  const postgres = await start({ directory: await aDirectory() });
  const { pid, port } = postgres;
  await query(postgres.url('postgres'), 'create table written (n int primary key)');
  const writing = writeUntilCut(postgres.url('postgres'));
  await vi.waitFor(() => expect(writing.acknowledged()).toBeGreaterThan(50), { timeout: 5000 });

  process.kill(pid, 'SIGKILL');
  await writing.cut;

  await vi.waitFor(() => expect(postgres.pid).not.toBe(pid), { timeout: 15_000 });
  const [row] = await query(postgres.url('postgres'), 'select count(*)::int as rows, max(n) as last from written');
  expect(postgres.port).toBe(port);
  expect(row?.rows).toBe(row?.last);
  expect(row?.last).toBeGreaterThanOrEqual(writing.acknowledged());
});

test('is initialised once by three first starts at the same time, and gives all the same port', async () => {
  const directory = await aDirectory();

  const all = await Promise.all([1, 2, 3].map(() => startElsewhere(directory).facts));

  expect(all.map(each => each.wasAdopted).sort()).toEqual([false, true, true]);
  expect(new Set(all.map(each => each.port)).size).toBe(1);
  await start({ directory });
});

test('starts although its old pid now belongs to another process of the same user', async () => {
  const directory = await aDirectory();
  const first = await start({ directory });
  const file = join(first.home, 'pg18', 'postmaster.pid');
  const left = await readFile(file, 'utf8');
  const owner = await stat(file);
  await first.stop();
  const stranger = spawn('sleep', ['60'], nobody ? { uid: owner.uid, gid: owner.gid } : {});
  cleanups.push(async () => stranger.kill());
  await writeFile(file, left.replace(/^\d+/, String(stranger.pid)));
  await chown(file, owner.uid, owner.gid);

  const second = await start({ directory });

  expect(second.wasAdopted).toBe(false);
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
});

test('takes over the lock of a start that died', async () => {
  const directory = await aDirectory();
  const ended = spawn('true');
  await once(ended, 'exit');
  await writeFile(join(directory, 'start.lock'), `${ended.pid} 1 dead`);
  const recycled = `${process.pid} ${Number(birthMark(process.pid)) - 1} same pid, other process`;

  await (await start({ directory })).stop();
  await writeFile(join(directory, 'start.lock'), recycled);
  const second = await start({ directory });

  expect(isRunning(second.pid)).toBe(true);
});

test('throws away what an interrupted first start left', async () => {
  const directory = await aDirectory();
  await mkdir(join(directory, 'pg18.init'), { recursive: true });
  await writeFile(join(directory, 'pg18.init', 'PG_VERSION'), '18\n');

  const postgres = await start({ directory });

  expect(await query(postgres.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('says that the wished port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  cleanups.push(async () => other.close());
  const { port } = other.address() as { port: number };

  const starting = startEmbeddedPostgres({ directory: await aDirectory(), port });

  await expect(starting).rejects.toMatchObject({ problem: 'port-in-use', message: expect.stringContaining(`${port}`) });
});

test('shows the words of PostgreSQL when it refuses to start', async () => {
  const starting = startEmbeddedPostgres({ directory: await aDirectory(), settings: { no_such_setting: '1' } });

  await expect(starting).rejects.toMatchObject({
    problem: 'start-failed',
    message: expect.stringContaining('no_such_setting'),
  });
});

test('refuses a database whose password file is gone', async () => {
  const directory = await aDirectory();
  await (await start({ directory })).stop();
  await rm(join(directory, 'superuser.secret'));

  await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({ problem: 'password-missing' });
});

test('stops in order within 4 s while a client is connected, and only once', async () => {
  const postgres = await start({ directory: await aDirectory() });
  const client = await connect(postgres.url('postgres'));
  const hungUp = new Promise(resolve => client.once('end', resolve));

  await Promise.all([postgres.stop(), postgres.stop()]);
  await hungUp;

  expect(isRunning(postgres.pid)).toBe(false);
  expect(await readFile(join(postgres.home, 'postgres.log'), 'utf8')).toContain('database system is shut down');
});

test.runIf(nobody)(
  'keeps its files elsewhere, always in the same place, for root below a private directory',
  async () => {
    const directory = join(await mkdtemp(join(tmpdir(), 'muster-private-')), 'postgres');
    cleanups.push(() => rm(join(directory, '..'), { recursive: true }));

    const first = await start({ directory });
    cleanups.unshift(() => rm(first.home, { recursive: true }));
    await first.stop();
    const second = await start({ directory });

    expect(first.home).toMatch(/^\/var\/(lib|tmp)\/muster\/postgres-[0-9a-f]{12}$/);
    expect(second.home).toBe(first.home);
    expect(await readFile(join(first.home, 'origin'), 'utf8')).toBe(`${await realpath(directory)}\n`);
  },
);

test.runIf(nobody)('starts afresh when the private directory was removed, and keeps the old data aside', async () => {
  const directory = join(await mkdtemp(join(tmpdir(), 'muster-private-')), 'postgres');
  cleanups.push(() => rm(join(directory, '..'), { recursive: true }));
  const first = await startEmbeddedPostgres({ directory });
  await query(first.url('postgres'), 'create table kept ()');
  await first.stop();
  cleanups.unshift(() => removeShelters(first.home));

  await rm(directory, { recursive: true });
  const second = await start({ directory });

  expect(second.home).toBe(first.home);
  expect(await query(second.url('postgres'), `select to_regclass('kept') as found`)).toEqual([{ found: null }]);
  expect(await shelters(first.home)).toHaveLength(2);
});

test.runIf(othersMayEnter)('runs as the ordinary user that starts it', async () => {
  const directory = await aDirectory();
  await chown(directory, nobody!.uid, nobody!.gid);

  const parent = startElsewhere(directory, { uid: nobody!.uid, gid: nobody!.gid });
  const { pid } = await parent.facts;
  const adopted = await start({ directory });

  expect(adopted).toMatchObject({ pid, wasAdopted: true });
  expect((await stat(join(directory, 'superuser.secret'))).uid).toBe(nobody!.uid);
});

async function aDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'muster-postgres-'));
  await chmod(directory, 0o711);
  cleanups.push(() => rm(directory, { recursive: true }));
  return directory;
}

async function shelters(home: string): Promise<string[]> {
  const names = await readdir(dirname(home));
  return names.filter(name => name.startsWith(basename(home))).map(name => join(dirname(home), name));
}

async function removeShelters(home: string): Promise<void> {
  for (const each of await shelters(home)) await rm(each, { recursive: true });
}

async function start(options: EmbeddedPostgresOptions) {
  const postgres = await startEmbeddedPostgres(options);
  cleanups.push(() => postgres.stop());
  return postgres;
}

interface Facts {
  readonly pid: number;
  readonly port: number;
  readonly wasAdopted: boolean;
}

function startElsewhere(directory: string, identity: { uid?: number; gid?: number } = {}) {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('embedded.ts', import.meta.url).href)};
    const { pid, port, wasAdopted } = await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)} });
    console.log(JSON.stringify({ pid, port, wasAdopted }));
    await new Promise(resolve => process.stdin.resume().once('end', resolve));`;
  const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '--eval', program], {
    ...identity,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  cleanups.push(async () => child.stdin.end());
  const facts = once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(line) as Facts);
  return { process: child, facts };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  client.on('error', () => undefined); // servers are killed here on purpose
  await client.connect();
  return client;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = await connect(url);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function writeUntilCut(url: string) {
  let acknowledged = 0;
  const write = async () => {
    const client = await connect(url);
    for (;;) {
      await client.query('insert into written values ($1)', [acknowledged + 1]);
      acknowledged += 1;
    }
  };
  return { acknowledged: () => acknowledged, cut: write().catch(() => undefined) };
}
