import { expect, test } from 'vitest';
import { validate } from '#design/validate.ts';
import { runSchema, shellsFor } from './shells.ts';

const values = { shell: 'BASH', script: 'uptime', timeoutSeconds: '300' };

test('takes a script and whole seconds', () => {
  expect(validate(runSchema, values)).toEqual({ isValid: true, output: { ...values, timeoutSeconds: 300 } });
});

test.each([
  [{ script: ' \n' }, 'script'],
  [{ timeoutSeconds: '0' }, 'timeoutSeconds'],
  [{ timeoutSeconds: '1.5' }, 'timeoutSeconds'],
  [{ timeoutSeconds: '90000' }, 'timeoutSeconds'],
  [{ shell: 'CMD' }, 'shell'],
])('refuses %j', (change, field) => {
  const result = validate(runSchema, { ...values, ...change });

  expect(result.isValid ? [] : Object.keys(result.errors)).toEqual([field]);
});

test('offers PowerShell first on Windows', () => {
  expect(shellsFor('WINDOWS')[0]).toBe('PWSH');
  expect(shellsFor('LINUX')[0]).toBe('BASH');
});
