import { join } from 'node:path';
import { ensureCluster, readPassword } from './cluster.ts';
import { withLock } from './lock.ts';
import { choosePlace, type Place } from './place.ts';
import { placeBinaries } from './place-binaries.ts';
import type { Postmaster } from './process.ts';
import { findServer, type Launch, launchServer } from './server.ts';
import { type EmbeddedPostgres, type Provided, Supervisor } from './supervisor.ts';

export type { EmbeddedPostgres } from './supervisor.ts';

/** Where an embedded PostgreSQL keeps its files and how it listens; `port` is ignored by a server found running. */
export interface EmbeddedPostgresOptions {
  readonly directory: string;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: (message: string) => void;
}

/** Starts the PostgreSQL of a directory, making it first when there is none, or adopts the one that runs there. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const place = await choosePlace(options.directory);
  if (place.home !== options.directory) log(`PostgreSQL keeps the files of ${options.directory} in ${place.home}`);
  const start = (port?: number) => provide(place, { port, settings: options.settings, log });
  return new Supervisor({ place, start, log, ...(await start(options.port)) });
}

async function provide(place: Place, launch: Omit<Launch, 'binaries'>): Promise<Provided> {
  return withLock(join(place.home, 'start.lock'), async () => {
    const found = await findServer(place);
    const server = found ?? (await startAnew(place, launch));
    return { server, wasAdopted: found !== undefined, password: (await readPassword(place)) ?? '' };
  });
}

async function startAnew(place: Place, launch: Omit<Launch, 'binaries'>): Promise<Postmaster> {
  const binaries = await placeBinaries(place);
  await ensureCluster(place, binaries);
  return launchServer(place, { ...launch, binaries });
}
