import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig } from './config.ts';

const shape = { PORT: z.coerce.number().int().default(4400), SECRET: z.string({ error: 'is required' }) };

test('gives defaults, and cannot be changed', () => {
  const config = loadConfig(shape, { SECRET: 'pearl', PORT: '' });

  expect(config).toEqual({ PORT: 4400, SECRET: 'pearl' });
  expect(Object.isFrozen(config)).toBe(true);
});

test('takes a value from the file that NAME_FILE names', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'muster-config-')), 'secret');
  writeFileSync(file, 'pearl\n');

  expect(loadConfig(shape, { SECRET_FILE: file }).SECRET).toBe('pearl');
});

test('names every problem at once', () => {
  expect(() => loadConfig(shape, { PORT: 'x', SECRET_FILE: '/nowhere' })).toThrow(
    expect.objectContaining({
      problems: [
        expect.stringContaining('SECRET_FILE'),
        expect.stringContaining('PORT'),
        expect.stringContaining('SECRET'),
      ],
    }),
  );
});
