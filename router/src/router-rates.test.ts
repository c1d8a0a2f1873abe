import { anonymousViewer, type Viewer } from '@muster/kit/auth/viewer';
import { expect, test } from 'vitest';
import type { RateTuning } from './rates/rate-limits.ts';
import { codesOf, post, socketClient, subscribe } from './testing/clients.ts';
import { ada, startFixture } from './testing/start-fixture.ts';

const rate = { burst: 3, perSecond: 0.1 };
const rates: RateTuning = {
  callers: rate,
  devices: rate,
  anonymous: rate,
  doors: { logIn: { burst: 2, perSecond: 0.1 } },
};
const OPEN = '{ requestId }';
const CLI = 'mutation { logIn(input: { clientKind: CLI }) { token } }';

test('refuses a person’s calls beyond the rate with 429 and when to come back, and nobody else’s', async () => {
  await using fixture = await startFixture({ tuning: { rates } });
  const { url } = fixture.router;
  fixture.world.addSession('grace-token', { ...ada, id: 'grace' });
  for (let call = 0; call < 3; call += 1)
    expect((await post(url, { query: OPEN, token: 'ada-token' })).status).toBe(200);

  const refused = await post(url, { query: OPEN, token: 'ada-token' });

  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('10');
  expect(refused.errors).toEqual([
    {
      message: 'Too many calls. Try again in 10 s.',
      extensions: { code: 'RATE_LIMITED', isRetriable: true, retryAfterSeconds: 10 },
    },
  ]);
  expect((await post(url, { query: OPEN, token: 'grace-token' })).status).toBe(200);
  expect((await post(url, { query: OPEN })).status).toBe(200);
});

test('counts what comes over sockets with what comes over HTTP, and keeps the socket', async () => {
  await using fixture = await startFixture({ tuning: { rates } });
  const { url } = fixture.router;
  const client = socketClient(url, 'ada-token');
  await post(url, { query: OPEN, token: 'ada-token' });
  await subscribe(client, OPEN).next();
  await subscribe(client, OPEN).next();

  const refused = subscribe(client, 'subscription { deviceChanged { sequence } }').next();

  await expect(refused).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 10 } }]);
  await client.dispose();
});

test('counts each attempt to sign in, also several in one document, per address', async () => {
  await using fixture = await startFixture({ tuning: { rates }, trustedProxies: ['127.0.0.1'] });
  const { url } = fixture.router;
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const three = `mutation { ${[1, 2, 3].map(n => `a${n}: logIn(input: { clientKind: CLI }) { token }`).join(' ')} }`;

  const batch = await post(url, { query: three, headers: from('192.0.2.1') });
  const first = await post(url, { query: CLI, headers: from('192.0.2.1') });
  const elsewhere = await post(url, { query: CLI, headers: from('192.0.2.2') });

  expect([batch.status, codesOf(batch), batch.headers.get('retry-after')]).toEqual([429, ['RATE_LIMITED'], '10']);
  expect([first.status, elsewhere.status]).toEqual([200, 200]);
});

test('does not believe the address that an untrusted caller writes', async () => {
  await using fixture = await startFixture({ tuning: { rates } });
  const statuses: number[] = [];

  for (let call = 0; call < 4; call += 1) {
    const headers = { 'x-forwarded-for': `192.0.2.${call}` };
    statuses.push((await post(fixture.router.url, { query: OPEN, headers })).status);
  }

  expect(statuses).toEqual([200, 200, 200, 429]);
});

test('counts nothing where it is told that something in front does', async () => {
  await using fixture = await startFixture({ tuning: { rates: 'off' } });
  const { url } = fixture.router;

  for (let call = 0; call < 300; call += 1) expect((await post(url, { query: OPEN })).status).toBe(200);
});

test('lets devices send the documents of their agent and nothing else, over HTTP and sockets', async () => {
  await using fixture = await startFixture();
  const { url } = fixture.router;
  const device: Viewer = { ...anonymousViewer, kind: 'DEVICE', id: 'd1', name: 'd1', permissions: ['agent:report'] };
  fixture.world.addSession('a.device.token', device);
  const client = socketClient(url, 'a.device.token');
  const own = '{ viewer { kind name } }';

  expect((await post(url, { query: own, token: 'a.device.token' })).data).toEqual({
    viewer: { kind: 'DEVICE', name: 'd1' },
  });
  expect((await subscribe(client, own).next()).data).toEqual({ viewer: { kind: 'DEVICE', name: 'd1' } });
  for (const query of ['{ requestId }', '{ viewer { name kind } }', `${own} `, '{ nonsense', '{ __typename }']) {
    const answer = await post(url, { query, token: 'a.device.token' });
    expect([query, answer.status, codesOf(answer)]).toEqual([query, 403, ['FORBIDDEN']]);
    await expect(subscribe(client, query).next()).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  }
  expect((await post(url, { query: '{ viewer { name kind } }', token: 'ada-token' })).status).toBe(200);
  await client.dispose();
});
