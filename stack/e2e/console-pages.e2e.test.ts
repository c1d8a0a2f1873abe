import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, picture } from './support/browser.ts';
import { onlineDevice } from './support/commands.ts';
import { administrator, GraphCaller, setUp } from './support/graph.ts';
import { type StackProcess, startStackProcess } from './support/stack-process.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let stack: StackProcess;
let browser: Browser;
let page: Page;
let ada: GraphCaller;
let deviceId: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStackProcess({ hasAgent: true }), openBrowser()]);
  ada = await setUp(stack);
  deviceId = await onlineDevice(ada);
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, administrator);
});
afterAll(async () => {
  await browser?.close();
  await ada?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
});

async function signIn(where: Page, who: { email: string; password: string }): Promise<void> {
  await where.goto(`${stack.url}/login`);
  await where.getByLabel('E-mail').fill(who.email);
  await where.getByLabel('Password', { exact: true }).fill(who.password);
  await where.getByRole('button', { name: 'Sign in' }).click();
  await where.waitForURL(url => !url.pathname.startsWith('/login'));
}

const ROUTES = [
  '/settings/account',
  '/settings/api-keys',
  '/settings/api-keys/new',
  '/settings/organizations',
  '/settings/organizations/new',
  '/access/users',
  '/access/users/invite',
  '/access/roles',
  '/access/roles/new',
  '/access/explain',
  '/audit',
  '/devices/pending',
  '/devices/DEVICE/services',
  '/devices/DEVICE/processes',
  '/devices/DEVICE/users',
  '/devices/DEVICE/changes',
  '/devices/DEVICE/audit',
  '/devices/DEVICE/rename',
  '/devices/DEVICE/tags',
  '/devices/DEVICE/move',
];

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  test.each(ROUTES)('%s shows what the real services answer, to everybody', async route => {
    await page.emulateMedia({ colorScheme });
    await page.goto(stack.url + route.replace('DEVICE', deviceId));
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');

    expect(await page.getByRole('alert').allInnerTexts()).toEqual([]);
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    await picture(page, `${route.replaceAll('/', '-').slice(1)}-${colorScheme}`);
  });
});

test('an API key does what it was made for, over HTTP and WebSocket, and nothing after it is revoked', async () => {
  const CREATE = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';
  const input = {
    name: 'inventory export',
    permissions: ['device:read'],
    scopes: [{ kind: 'ALL' }],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const { createApiKey } = await ada.data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(CREATE, {
    input,
  });
  await using script = new GraphCaller(stack.url, createApiKey.secret);

  expect(await script.data('{ viewer { kind } devices { totalCount } }')).toEqual({
    viewer: { kind: 'API_KEY' },
    devices: { totalCount: 1 },
  });
  expect((await script.ask('{ users { totalCount } }')).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const events = script.events<{ deviceChanged: { kind: string } }>('subscription { deviceChanged { kind } }');
  const next = events.next();
  const nudge = setInterval(
    () =>
      void ada.data('mutation ($id: ID!) { refreshInventory(input: { deviceId: $id }) { device { id } } }', {
        id: deviceId,
      }),
    300,
  );
  expect((await next).value?.deviceChanged.kind).toBeDefined();
  clearInterval(nudge);
  await events.return();

  await ada.data('mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKeyId } }', {
    id: createApiKey.apiKey.id,
  });

  await expect.poll(async () => (await script.ask('{ viewer { kind } }')).status, { timeout: 6_000 }).toBe(401);
});

test('a session that is revoked loses its open console within five seconds', async () => {
  const other = await (await browser.newContext()).newPage();
  await signIn(other, administrator);
  await other.goto(`${stack.url}/devices`);
  await other.getByText('Live', { exact: true }).waitFor();

  await ada.data('mutation { revokeAllSessions(input: {}) { __typename } }');

  await other.waitForURL(/\/login/, { timeout: 8_000 });
});
