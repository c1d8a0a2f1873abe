// Our router against the stock gateway in the same run, on the same services: processor time per request, which other
// work on the machine disturbs least. Rounds alternate between the gateways, and the best of each is taken.
import { generateIdentityKeys } from '@muster/kit/auth/identity';
import { compose } from '@muster/schema/compose';
import { Child } from './support/child.ts';
import type { Contender } from './support/contender.ts';
import { createWorld } from './support/fixture.ts';
import { startHive } from './support/hive.ts';
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
const PLAIN = 'subscription { deviceChanged { sequence device { id hostname } } }';
const JOINED = 'subscription { deviceChanged { sequence device { id hostname site { name } } } }';

const rounded = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** The benchmark; `--long` takes minutes instead of one. */
export async function run(): Promise<{ tables: Record<string, object[]> }> {
  const keys = await generateIdentityKeys();
  const services = await Child.start('services.ts', { publicJwk: keys.publicJwk });
  const urls = await services.ask<Record<string, string>>('urls');
  const named = createWorld().services.map(({ name, sdl }) => ({ name, sdl, routingUrl: urls[name] ?? '' }));
  const { supergraph } = compose(named);
  const start = async (mode: string): Promise<Child> =>
    Child.start('gateway.ts', { mode, supergraph, urls, privateJwk: keys.privateJwk });
  const router = await start('remote');
  const contenders = [
    await contender('stock @apollo/gateway', await start('stock')),
    ...(await hive(supergraph)),
    await contender('ours, remote', router),
    await contender('ours, in-process', await start('in-process')),
  ];
  try {
    const queries = await measureQueries(contenders);
    const latency = await measureLatency(services, { direct: urls.fleet ?? '', router });
    const fanOut = await measureFanOut(services, router);
    return { tables: { 'processor time per request, µs': queries, 'subscription, ms': latency, 'fan-out': fanOut } };
  } finally {
    for (const child of [services, ...contenders]) child.stop();
  }
}

async function contender(name: string, child: Child): Promise<Contender> {
  return { name, url: await child.ask('url'), cpu: () => child.cpu(), stop: () => child.stop() };
}

/** Only where it was installed by hand. */
async function hive(supergraph: string): Promise<Contender[]> {
  const folder = process.env.MUSTER_BENCH_HIVE;
  return folder ? [await startHive(folder, supergraph.replaceAll(', for: SECURITY', ''))] : [];
}

async function measureQueries(contenders: readonly Contender[]): Promise<object[]> {
  const rows: object[] = [];
  for (const [query, text] of Object.entries(QUERIES)) {
    const best = new Map<string, number>();
    for (const { url } of contenders) await sendRequests(url, text, WARM);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const one of contenders)
        best.set(one.name, Math.min(await cpuPerRequest(one, text), best.get(one.name) ?? Number.POSITIVE_INFINITY));
    const stock = [...best.values()][0] ?? Number.NaN;
    const ratios = [...best].slice(1).map(([name, value]) => [`${name} / stock`, rounded(value / stock, 2)]);
    const figures = [...best].map(([name, value]) => [name, rounded(value)]);
    rows.push({ query, ...Object.fromEntries(figures), ...Object.fromEntries(ratios) });
  }
  return rows;
}

async function cpuPerRequest({ url, cpu }: Contender, query: string): Promise<number> {
  const before = await cpu();
  await sendRequests(url, query, AMOUNT);
  return ((await cpu()) - before) / AMOUNT;
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
