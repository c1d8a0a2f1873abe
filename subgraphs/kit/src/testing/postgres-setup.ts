import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../postgres/embedded.ts';
import { isRunning } from '../postgres/process.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the database `postgres` of the test server, for its superuser. */
    postgresUrl: string;
  }
}

const prefix = 'muster-test-postgres-';
// Test data may be lost with the machine: not waiting for the disk makes a database in a fraction of the time.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' };

let postgres: EmbeddedPostgres | undefined;
let directory: string | undefined;

/** Gives every test project one PostgreSQL: that of MUSTER_TEST_DATABASE_URL, or an embedded one of its own. */
export async function setup(project: TestProject): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: vitest hands no configuration to its global set-up
  const external = process.env.MUSTER_TEST_DATABASE_URL;
  if (external) return project.provide('postgresUrl', external);

  await removeLeftovers();
  directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(directory, 0o711);
  postgres = await startEmbeddedPostgres({ directory, settings });
  project.provide('postgresUrl', postgres.url('postgres'));
}

/** Ends the embedded server and removes every file of it. */
export async function teardown(): Promise<void> {
  await postgres?.stop();
  if (directory) await rm(directory, { recursive: true, force: true });
}

// A run that was killed could not tidy up: its server is found by its directory, which names the run's process.
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const run = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : 0;
    if (run > 0 && !isRunning(run)) await removeLeftover(join(tmpdir(), name));
  }
}

async function removeLeftover(left: string): Promise<void> {
  const server = await startEmbeddedPostgres({ directory: left, settings }).catch(() => undefined);
  await server?.stop();
  await rm(left, { recursive: true, force: true });
}
