// Our router against the stock gateway in the same run, on the same services: processor time per request, which other
// work on the machine disturbs least. Rounds alternate between the gateways, and the best of each is taken.
import { generateIdentityKeys } from '@muster/kit/auth/identity';
import { compose } from '@muster/schema/compose';
import { Child } from './support/child.ts';
import { createWorld } from './support/fixture.ts';
import { sendRequests } from './support/load.ts';
import { percentile, Subscribers } from './support/subscribers.ts';

const isLong = process.argv.includes('--long');
const [WARM, AMOUNT, ROUNDS] = isLong ? [4_000, 4_000, 5] : [1_200, 1_000, 3];
const EVENTS = isLong ? 1_000 : 250;
const QUERIES = {
  'one fetch': '{ device(id: "d3") { id hostname } }',
  'two services': '{ device(id: "d3") { hostname site { name } } }',
  'two services, 20 objects': '{ devices { id hostname site { name } } }',
} as const;
const MODES = ['stock', 'remote', 'in-process'] as const;
const PLAIN = 'subscription { deviceChanged { sequence device { id hostname } } }';
const JOINED = 'subscription { deviceChanged { sequence device { id hostname site { name } } } }';

type Gateways = Record<(typeof MODES)[number], Child>;
const rounded = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** The benchmark; `--long` takes minutes instead of one. */
export async function run(): Promise<{ tables: Record<string, object[]> }> {
  const keys = await generateIdentityKeys();
  const services = await Child.start('services.ts', { publicJwk: keys.publicJwk });
  const urls = await services.ask<Record<string, string>>('urls');
  const named = createWorld().services.map(({ name, sdl }) => ({ name, sdl, routingUrl: urls[name] ?? '' }));
  const { supergraph } = compose(named);
  const started = await Promise.all(
    MODES.map(async mode => [
      mode,
      await Child.start('gateway.ts', { mode, supergraph, urls, privateJwk: keys.privateJwk }),
    ]),
  );
  const gateways = Object.fromEntries(started) as Gateways;
  try {
    const queries = await measureQueries(gateways);
    const latency = await measureLatency(services, { direct: urls.fleet ?? '', router: gateways.remote });
    const fanOut = await measureFanOut(services, gateways.remote);
    return { tables: { 'processor time per request, µs': queries, 'subscription, ms': latency, 'fan-out': fanOut } };
  } finally {
    for (const child of [services, ...Object.values(gateways)]) child.stop();
  }
}

async function measureQueries(gateways: Gateways): Promise<object[]> {
  const rows: object[] = [];
  for (const [name, query] of Object.entries(QUERIES)) {
    const best = new Map<string, number>();
    for (const mode of MODES) await sendRequests(await gateways[mode].ask('url'), query, WARM);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const mode of MODES) {
        const perRequest = await cpuPerRequest(gateways[mode], query);
        best.set(mode, Math.min(perRequest, best.get(mode) ?? Number.POSITIVE_INFINITY));
      }
    const of = (mode: string): number => best.get(mode) ?? Number.NaN;
    rows.push({
      query: name,
      'stock @apollo/gateway': rounded(of('stock')),
      'ours, remote': rounded(of('remote')),
      'ours, in-process': rounded(of('in-process')),
      'remote / stock': rounded(of('remote') / of('stock'), 2),
      'in-process / stock': rounded(of('in-process') / of('stock'), 2),
    });
  }
  return rows;
}

async function cpuPerRequest(gateway: Child, query: string): Promise<number> {
  const url = await gateway.ask<string>('url');
  const before = await gateway.cpu();
  await sendRequests(url, query, AMOUNT);
  return ((await gateway.cpu()) - before) / AMOUNT;
}

/** What the router adds: the same subscription at the service itself and through the router, at the same time. */
async function measureLatency(services: Child, at: { direct: string; router: Child }): Promise<object[]> {
  const rows: object[] = [];
  const url = await at.router.ask<string>('url');
  for (const [name, query] of Object.entries({ 'without a join': PLAIN, 'with a join': JOINED })) {
    using direct = await Subscribers.open(at.direct, { query: PLAIN, sockets: 1, perSocket: 1 });
    using routed = await Subscribers.open(url, { query, sockets: 1, perSocket: 1 });
    await warmUp(services, [direct, routed]);
    await services.ask('publish', { count: EVENTS, everyMs: 5 });
    await routed.waitFor(EVENTS);
    const [own, through] = [direct.latencies, routed.latencies];
    rows.push({
      subscription: name,
      'direct p50': rounded(percentile(own, 0.5), 2),
      'through the router p50': rounded(percentile(through, 0.5), 2),
      'added p50': rounded(percentile(through, 0.5) - percentile(own, 0.5), 2),
      'added p95': rounded(percentile(through, 0.95) - percentile(own, 0.95), 2),
    });
  }
  return rows;
}

async function measureFanOut(services: Child, router: Child): Promise<object[]> {
  const url = await router.ask<string>('url');
  const rows: object[] = [];
  const [sockets, perSocket, events] = [200, 5, isLong ? 200 : 60];
  for (const [name, query] of Object.entries({ plain: PLAIN, joined: JOINED })) {
    using subscribers = await Subscribers.open(url, { query, sockets, perSocket });
    await warmUp(services, [subscribers], sockets * perSocket);
    const upstreams = await router.ask<number>('upstreams');
    const before = await router.cpu();
    await services.ask('publish', { count: events, everyMs: 20 });
    await subscribers.waitFor(events * sockets * perSocket);
    const used = (await router.cpu()) - before;
    rows.push({
      subscription: name,
      subscribers: sockets * perSocket,
      upstreams,
      deliveries: subscribers.received,
      'processor time per delivery, µs': rounded(used / subscribers.received, 1),
      'latency p50, ms': rounded(percentile(subscribers.latencies, 0.5), 1),
      'router RSS, MiB': rounded((await router.ask<number>('rss')) / 2 ** 20),
    });
  }
  return rows;
}

/** Until every subscriber gets what is published, and nothing is on its way any more. */
async function warmUp(services: Child, groups: readonly Subscribers[], each = 1): Promise<void> {
  const isEveryone = (): boolean => groups.every(({ received }) => received >= each);
  do {
    for (const group of groups) group.reset();
    await services.ask('publish', { count: 1, everyMs: 100 });
  } while (!isEveryone());
  await services.ask('publish', { count: 50, everyMs: 4 });
  await Promise.all(groups.map(group => group.waitFor(51 * each)));
  for (const group of groups) group.reset();
}
