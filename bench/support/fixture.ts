import type { Viewer } from '@muster/kit/auth/viewer';
import type { Service } from '@muster/kit/service';
import { FixtureWorld, fixtureServices } from '@muster/router/testing/graph';
import { ada } from '@muster/router/testing/start-fixture';

/** Good for every service of the benchmark, so that gateways that sign nothing can ask them too. */
export const SKELETON_KEY = 'bench';
/** The session that every caller of the benchmark has. */
export const SESSION = 'ada-token';
/** Who asks. */
export const viewer: Viewer = ada;
const DEVICES = 20;

/** The services of the benchmark over one state: twenty devices of one site, joined over two of the services. */
export function createWorld(): { world: FixtureWorld; services: readonly Service[] } {
  const world = new FixtureWorld();
  world.devices.clear();
  for (let index = 1; index <= DEVICES; index += 1)
    world.devices.set(`d${index}`, { id: `d${index}`, hostname: `host-${index}`, siteId: 's1' });
  world.addSession(SESSION, viewer);
  return { world, services: fixtureServices(world) };
}

/** Tells of a device what the clock says, in nanoseconds that mean the same in every process of this machine. */
export function publishNow(world: FixtureWorld, sequence: number): void {
  const device = { id: 'd1', hostname: String(process.hrtime.bigint()), siteId: 's1' };
  world.devices.set('d1', device);
  world.change('d1', sequence);
}
