import { generateIdentityKeys } from '@muster/kit/auth/identity';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const { publicJwk } = await generateIdentityKeys();
const required = {
  FLEET_DATABASE_URL: 'postgres://user:secret@localhost/muster',
  MUSTER_SECRET_KEY: 'a master secret of some length !',
  MUSTER_IDENTITY_PUBLIC_KEY: JSON.stringify(publicJwk),
};

test('has a default for everything but the database, the master secret and the router’s key', () => {
  expect(readConfig(required)).toMatchObject({
    FLEET_HOST: '127.0.0.1',
    FLEET_PORT: 4402,
    MUSTER_PUBLIC_URL: 'http://localhost:4400',
  });
  expect(() => readConfig({})).toThrow(
    /FLEET_DATABASE_URL: is missing.*\n.*MUSTER_SECRET_KEY: is missing.*\n.*MUSTER_IDENTITY_PUBLIC_KEY: is missing/,
  );
});

test('tells all problems at once and no secret', () => {
  const read = () =>
    readConfig({
      FLEET_DATABASE_URL: 'mysql://user:secret@localhost',
      MUSTER_SECRET_KEY: 'short-secret',
      MUSTER_IDENTITY_PUBLIC_KEY: '{}',
      MUSTER_PUBLIC_URL: 'rmm.example.org',
    });

  expect(read).toThrow(
    /FLEET_DATABASE_URL.*\n.*MUSTER_SECRET_KEY.*\n.*MUSTER_IDENTITY_PUBLIC_KEY.*\n.*MUSTER_PUBLIC_URL/,
  );
  expect(read).not.toThrow(/short-secret|user:secret/);
});
