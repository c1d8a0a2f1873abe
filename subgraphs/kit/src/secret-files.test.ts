import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepSecret, replaceSecret } from './secret-files.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('makes a secret once, for its owner only, and leaves nothing else behind', async () => {
  const folder = newFolder();
  const file = join(folder, 'deep', 'key');

  expect(await keepSecret(file, () => 'first')).toBe('first');
  expect(await keepSecret(file, () => 'second')).toBe('first');
  expect(statSync(file).mode & 0o777).toBe(0o400);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['key']);
});

test('takes over the secret that an operator put there', async () => {
  const file = join(newFolder(), 'key');
  writeFileSync(file, 'given\n');

  expect(await keepSecret(file, () => 'made')).toBe('given');
});

test('goes on where a process of the same number died', async () => {
  const file = join(newFolder(), 'key');
  writeFileSync(`${file}.${process.pid}`, 'half');

  expect(await keepSecret(file, () => 'whole')).toBe('whole');
});

test('replaces what may change', async () => {
  const file = join(newFolder(), 'url');

  await replaceSecret(file, 'old');
  await replaceSecret(file, 'new');

  expect(readFileSync(file, 'utf8').trim()).toBe('new');
});
