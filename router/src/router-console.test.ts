import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codesOf, post } from './testing/clients.ts';
import { type Fixture, startFixture } from './testing/start-fixture.ts';

const SCRIPT = 'start("console")';
const PAGE = `<!doctype html><script src="/x.js"></script><script>${SCRIPT}</script>`;
const CODE = 'export const big = 1;'.repeat(100);
const directory = mkdtempSync(join(tmpdir(), 'muster-console-'));
let fixture: Fixture;

beforeAll(async () => {
  mkdirSync(join(directory, '_app/immutable'), { recursive: true });
  writeFileSync(join(directory, '200.html'), PAGE);
  writeFileSync(join(directory, '_app/immutable/app.js'), CODE);
  writeFileSync(join(directory, '_app/immutable/app.js.br'), brotliCompressSync(CODE));
  fixture = await startFixture({ console: { directory } });
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const get = (path: string, init: RequestInit = {}) => fetch(new URL(path, fixture.router.url), init);

test.each(['/', '/devices', '/devices/0193/commands?tab=output'])(
  'answers %s with the console itself, never cached unasked',
  async path => {
    const response = await get(path);

    expect(await response.text()).toBe(PAGE);
    expect(response.headers.get('content-type')).toBe('text/html;charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  },
);

test('lets pages run the scripts of their build only, and nobody frame them', async () => {
  const { headers } = await get('/');
  const hash = createHash('sha256').update(SCRIPT).digest('base64');

  expect(headers.get('content-security-policy')).toContain(`script-src 'self' 'sha256-${hash}';`);
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('same-origin');
});

test('serves hashed files compressed and for ever', async () => {
  const response = await get('/_app/immutable/app.js', { headers: { 'accept-encoding': 'br' } });

  expect(response.headers.get('content-encoding')).toBe('br');
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(await response.text()).toBe(CODE);
});

test('answers a file that is not there as not found, not as a page', async () => {
  const response = await get('/_app/immutable/old.js');

  expect([response.status, codesOf((await response.json()) as never)]).toEqual([404, ['NOT_FOUND']]);
});

test.each(['/../package.json', '/%2e%2e/package.json', '/..%2f..%2fetc/passwd', '/%'])(
  'stays within the console for %s',
  async path => {
    const text = await (await get(path)).text();

    expect(text === PAGE || text.includes('NOT_FOUND')).toBe(true);
  },
);

test('takes reading requests only, and leaves the API alone', async () => {
  expect((await get('/devices', { method: 'POST' })).status).toBe(404);
  expect((await post(fixture.router.url, { query: '{ viewer { kind } }' })).status).toBe(200);
});
