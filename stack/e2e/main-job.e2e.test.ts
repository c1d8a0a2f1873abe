import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, picture } from './support/browser.ts';
import { administrator } from './support/graph.ts';
import { newFolder, type StackProcess, startStackProcess } from './support/stack-process.ts';

const hostname = readFileSync('/proc/sys/kernel/hostname', 'utf8').trim();
const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();

let stack: StackProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStackProcess({ hasAgent: true }), openBrowser()]);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  page = await context.newPage();
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
});
afterAll(async () => {
  await browser?.close();
  await stack?.[Symbol.asyncDispose]();
});

/** What a person without sight or mouse would stumble over. */
async function violations(): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test('whoever opens the printed link becomes the first administrator', async () => {
  await page.goto(`${stack.url}/setup#secret=${stack.secret}`);
  await page.getByLabel('Your name').fill(administrator.name);
  await page.getByLabel('E-mail').fill(administrator.email);
  await page.getByLabel('Password', { exact: true }).fill(administrator.password);
  await page.getByLabel('Organization name').fill(administrator.organizationName);
  expect(page.url()).not.toContain('secret');
  expect(await violations()).toEqual([]);
  await picture(page, 'setup-light');

  await page.locator('form button[type=submit]').click();

  await page.waitForURL(url => !url.pathname.startsWith('/setup'));
});

test('the machine in front of them appears by itself', async () => {
  await page.goto(`${stack.url}/devices`);

  const row = page.getByRole('row', { name: new RegExp(hostname) });
  await row.waitFor();
  await expect.poll(() => row.innerText(), { timeout: 15_000 }).toMatch(/Online/);
  expect(await violations()).toEqual([]);
  await picture(page, 'devices-light');
});

test('its page shows what it really is', async () => {
  await page
    .getByRole('row', { name: new RegExp(hostname) })
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('heading', { name: hostname }).waitFor();

  await expect.poll(() => page.locator('main').innerText()).toContain(kernel);
  expect(await violations()).toEqual([]);
  await picture(page, 'device-light');
  for (const tab of ['Hardware', 'Network', 'Software', 'Commands']) {
    await page.getByRole('link', { name: tab }).last().click();
    await page.waitForURL(new RegExp(tab.toLowerCase()));
    await page.waitForLoadState('networkidle');
    expect(await violations()).toEqual([]);
    await picture(page, `device-${tab.toLowerCase()}-light`);
  }
});

test('a command runs on it and its output arrives while it runs', async () => {
  await page.goto(`${new URL(page.url()).origin}${new URL(page.url()).pathname.replace(/\/[a-z]+$/, '')}/run`);
  await page
    .getByRole('textbox', { name: 'Script' })
    .fill('for i in 1 2 3; do echo "line $i"; sleep 0.7; done; echo "careful" >&2; exit 7');
  expect(await violations()).toEqual([]);
  await picture(page, 'run-light');
  await page.getByRole('button', { name: /^Run/ }).last().click();

  await page.waitForURL(/\/commands\//);
  const output = page.locator('.xterm-rows');
  await expect.poll(() => output.innerText(), { timeout: 15_000 }).toContain('line 1');
  expect(await output.innerText()).not.toContain('line 3');
  await expect.poll(() => output.innerText(), { timeout: 15_000 }).toContain('careful');
  await expect.poll(() => page.locator('main').innerText(), { timeout: 15_000 }).toMatch(/Failed[\s\S]*7/);
  expect(await violations()).toEqual([]);
  await picture(page, 'command-light');
});

test('a reload shows the same output once', async () => {
  await page.reload();

  const output = page.locator('.xterm-rows');
  await expect.poll(() => output.innerText(), { timeout: 15_000 }).toContain('careful');
  expect((await output.innerText()).match(/line 2/g)).toHaveLength(1);
});

test('the dark theme is as usable as the light one', async () => {
  const address = page.url();
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const [name, path] of [
    ['command', address],
    ['devices', `${stack.url}/devices`],
    ['overview', `${stack.url}/`],
    ['add-device', `${stack.url}/devices/new`],
  ] as const) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    expect(await violations()).toEqual([]);
    await picture(page, `${name}-dark`);
  }
});

test('presence flips when the agent goes and comes back', async () => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`${stack.url}/devices`);
  const row = page.getByRole('row', { name: new RegExp(hostname) });
  await row.waitFor();
  const pid = await stack.agentPid();

  process.kill(pid, 'SIGKILL');

  await expect.poll(() => row.innerText(), { timeout: 15_000 }).toMatch(/Offline/);
  await expect.poll(() => row.innerText(), { timeout: 20_000 }).toMatch(/Online/);
});

test('the line that "Add device" shows enrols the machine it is run on, and the page says so by itself', async () => {
  await page.goto(`${stack.url}/devices/new`);
  await page.getByRole('button', { name: 'Create install command' }).click();
  const line = await page.getByRole('region', { name: 'Install command' }).innerText();
  expect(line).toContain(`--server ${stack.url} --token muster_enroll_`);
  expect(await violations()).toEqual([]);

  const dataDirectory = await newFolder('agent');
  const agent = spawn('sh', ['-c', `exec ${line.trim()}`], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, MUSTER_AGENT_DATA_DIR: dataDirectory },
    stdio: 'ignore',
  });
  try {
    await page.getByRole('link', { name: /^Open / }).waitFor({ timeout: 20_000 });
    await picture(page, 'add-device-done-light');
  } finally {
    agent.kill('SIGTERM');
    await once(agent, 'exit');
  }
});

test('signing out ends the session, and signing in begins another', async () => {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page
    .getByRole('menuitem', { name: 'Sign out' })
    .or(page.getByRole('button', { name: 'Sign out' }))
    .click();
  await page.waitForURL(/\/login/);
  expect(await violations()).toEqual([]);
  await picture(page, 'login-light');

  await page.getByLabel('E-mail').fill(administrator.email);
  await page.getByLabel('Password', { exact: true }).fill('not this one at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => page.locator('main').innerText()).toMatch(/wrong/i);
  await page.getByLabel('Password', { exact: true }).fill(administrator.password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.waitForURL(url => !url.pathname.startsWith('/login'));
});

test('nothing of it made the page complain', () => {
  // a refused log-in is answered with 401, which the browser itself notes
  expect(complaints.filter(text => !/401|WebSocket/.test(text))).toEqual([]);
});
