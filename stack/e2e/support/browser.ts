import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real, headless Chromium: the system's own, else the one that an npm package brings. */
export async function openBrowser(): Promise<Browser> {
  const installed = SYSTEM.find(path => existsSync(path));
  if (installed) return chromium.launch({ executablePath: installed, args: QUIET });
  // the package unpacks the libraries it needs only where it believes to be on this platform
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs24.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return chromium.launch({ executablePath: await packaged.executablePath(), args: packaged.args });
}

/** Saves what the page shows under the name, for people to look at; nowhere unless MUSTER_SCREENSHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.MUSTER_SCREENSHOTS;
  if (!folder) return;
  const path = `${folder}/${name}.png`;
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
}
