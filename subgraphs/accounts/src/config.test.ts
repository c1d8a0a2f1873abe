import { generateIdentityKeys } from '@muster/kit/auth/identity';
import { ConfigError } from '@muster/kit/config';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const { publicJwk } = await generateIdentityKeys();
const required = {
  ACCOUNTS_DATABASE_URL: 'postgres://user:secret@localhost/muster',
  MUSTER_IDENTITY_PUBLIC_KEY: JSON.stringify(publicJwk),
};

test('has a default for everything but the database and the router’s key', () => {
  expect(readConfig(required)).toMatchObject({
    ACCOUNTS_PORT: 4401,
    ACCOUNTS_SESSION_IDLE_SECONDS: 1800,
    ACCOUNTS_SESSION_SECONDS: 43_200,
    MUSTER_IDENTITY_PUBLIC_KEY: { crv: 'Ed25519' },
  });
});

test('tells all problems at once and no secret', () => {
  const read = () =>
    readConfig({
      ACCOUNTS_DATABASE_URL: 'mysql://user:secret@localhost',
      MUSTER_IDENTITY_PUBLIC_KEY: '{}',
      ACCOUNTS_PORT: '70000',
      ACCOUNTS_SETUP_SECRET: 'short-secret',
      MUSTER_LOG_LEVEL: 'loud',
    });

  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    /ACCOUNTS_DATABASE_URL.*\n.*MUSTER_IDENTITY_PUBLIC_KEY.*\n.*ACCOUNTS_PORT.*\n.*ACCOUNTS_SETUP_SECRET.*\n.*MUSTER_LOG_LEVEL/,
  );
  expect(read).not.toThrow(/short-secret|user:secret/);
});

test('asks for what is missing', () => {
  expect(() => readConfig({})).toThrow(/ACCOUNTS_DATABASE_URL: is missing.*\n.*MUSTER_IDENTITY_PUBLIC_KEY: is missing/);
});
