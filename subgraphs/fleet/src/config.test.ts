import { ConfigError } from '@muster/kit/config';
import { expect, test } from 'vitest';
import { readConfig, settingsOf } from './config.ts';
import { defaultSettings } from './settings.ts';

const env = {
  FLEET_DATABASE_URL: 'postgres://fleet@db/muster',
  MUSTER_SECRET_KEY: 'a master secret of some length and more',
  MUSTER_IDENTITY_PUBLIC_KEY: JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'abc' }),
};

test('what is not set is what the code holds by default', () => {
  const config = readConfig(env);

  expect(config).toMatchObject({ FLEET_PORT: 4402, MUSTER_PUBLIC_URL: 'http://localhost:4400' });
  expect({ ...defaultSettings, ...settingsOf(config) }).toEqual(defaultSettings);
});

test('settings are read', () => {
  const config = readConfig({ ...env, FLEET_OVERDUE_SECONDS: '3600', FLEET_COMMAND_RETENTION_DAYS: '30' });

  expect(settingsOf(config)).toMatchObject({ overdueAfterSeconds: 3_600, commandRetentionDays: 30 });
});

test('everything that is wrong is said at once', () => {
  expect(() =>
    readConfig({ FLEET_PORT: 'many', FLEET_OVERDUE_SECONDS: '1', MUSTER_IDENTITY_PUBLIC_KEY: '{}' }),
  ).toThrow(ConfigError);
  try {
    readConfig({ FLEET_PORT: 'many', FLEET_OVERDUE_SECONDS: '1', MUSTER_IDENTITY_PUBLIC_KEY: '{}' });
  } catch (error) {
    expect((error as ConfigError).problems.map(problem => problem.split(':')[0])).toEqual([
      'FLEET_DATABASE_URL',
      'MUSTER_SECRET_KEY',
      'MUSTER_IDENTITY_PUBLIC_KEY',
      'FLEET_PORT',
      'FLEET_OVERDUE_SECONDS',
    ]);
  }
});
