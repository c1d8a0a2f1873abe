import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIdentityKeys } from '@muster/kit/auth/identity';
import { ConfigError } from '@muster/kit/config';
import { expect, test } from 'vitest';
import { loadRouterConfig, loadServiceUrls } from './config.ts';

const { privateJwk, publicJwk } = await generateIdentityKeys();
const key = JSON.stringify(privateJwk);

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadRouterConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('needs nothing but the identity key', () => {
  const config = loadRouterConfig({ MUSTER_IDENTITY_PRIVATE_KEY: key });

  expect(config).toMatchObject({ MUSTER_HOST: '0.0.0.0', MUSTER_PORT: 4400, MUSTER_IDENTITY_PRIVATE_KEY: privateJwk });
});

test('takes the networks of proxies as a list', () => {
  const config = loadRouterConfig({
    MUSTER_IDENTITY_PRIVATE_KEY: key,
    MUSTER_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7',
  });

  expect(config.MUSTER_TRUSTED_PROXIES).toEqual(['10.0.0.0/8', '192.0.2.7']);
});

test('takes the key from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-config-'));
  writeFileSync(join(folder, 'key'), `${key}\n`);

  const config = loadRouterConfig({ MUSTER_IDENTITY_PRIVATE_KEY_FILE: join(folder, 'key') });

  expect(config.MUSTER_IDENTITY_PRIVATE_KEY).toEqual(privateJwk);
  rmSync(folder, { recursive: true });
});

test('tells everything that is wrong at once, and never the key', () => {
  const problems = problemsOf({
    MUSTER_PORT: 'x',
    MUSTER_LOG_LEVEL: 'loud',
    MUSTER_TRUSTED_PROXIES: '10.0.0.0/8, proxy.example',
    MUSTER_IDENTITY_PRIVATE_KEY: JSON.stringify(publicJwk),
  });

  expect(problems.map(problem => problem.split(':')[0])).toEqual([
    'MUSTER_PORT',
    'MUSTER_LOG_LEVEL',
    'MUSTER_TRUSTED_PROXIES',
    'MUSTER_IDENTITY_PRIVATE_KEY',
  ]);
  expect(problems.join()).not.toContain(publicJwk.x);
});

test('reaches services where the supergraph says, unless the environment says otherwise', () => {
  const routing = new Map([
    ['accounts', 'http://accounts:4001/graphql'],
    ['fleet', 'http://fleet:4002/graphql'],
  ]);

  const urls = loadServiceUrls(routing, { MUSTER_FLEET_URL: 'http://127.0.0.1:5002/graphql' });

  expect([...urls]).toEqual([
    ['accounts', 'http://accounts:4001/graphql'],
    ['fleet', 'http://127.0.0.1:5002/graphql'],
  ]);
  expect(() => loadServiceUrls(routing, { MUSTER_FLEET_URL: 'fleet' })).toThrow(
    'MUSTER_FLEET_URL: is an http or https URL',
  );
});
