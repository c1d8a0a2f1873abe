import { expect, test } from 'vitest';
import { z } from 'zod';
import { settingsOf } from './setting.ts';

test('says what a setting takes and what happens without it', () => {
  const settings = settingsOf({
    PORT: z.coerce.number().int().min(1).max(9).default(4).describe('Port.'),
    LEVEL: z.enum(['low', 'high']).default('low').describe('Level.'),
    IS_ON: z.stringbool().default(false).describe('On.'),
    IDLE_SECONDS: z.coerce.number().int().positive().default(5).describe('Idle.'),
    NAME: z.string().optional().describe('Name.'),
  });

  expect(settings.map(({ takes, fallback }) => [takes, fallback])).toEqual([
    ['1 to 9', '4'],
    ['low, high', 'low'],
    ['true, false', 'false'],
    ['a whole number from 1', '5'],
    [undefined, undefined],
  ]);
  expect(settings.some(({ isRequired }) => isRequired)).toBe(false);
});

test('knows what is secret, and that the place of a secret is not', () => {
  const names = ['A_DATABASE_URL', 'A_SECRET_KEY', 'A_SECRETS_DIR', 'A_TOKEN_FILE', 'A_PUBLIC_KEY', 'A_PRIVATE_KEY'];
  const settings = settingsOf(Object.fromEntries(names.map(name => [name, z.string().describe(name)])));

  expect(settings.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual([
    'A_DATABASE_URL',
    'A_SECRET_KEY',
    'A_PRIVATE_KEY',
  ]);
  expect(settings.every(({ isRequired }) => isRequired)).toBe(true);
});

test('refuses a setting that nobody described', () => {
  expect(() => settingsOf({ NAME: z.string() })).toThrow('NAME has no description');
});
