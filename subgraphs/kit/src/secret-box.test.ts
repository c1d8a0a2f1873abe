import { expect, test } from 'vitest';
import { createSecretBox } from './secret-box.ts';

test('opens what it has sealed, and seals the same text differently each time', () => {
  const box = createSecretBox('master', 'fleet');

  expect(box.open(box.seal('pearl'))).toBe('pearl');
  expect(box.seal('pearl').equals(box.seal('pearl'))).toBe(false);
});

test.each([
  ['another master secret', createSecretBox('other', 'fleet')],
  ['another purpose', createSecretBox('master', 'accounts')],
])('does not open with %s', (_what, stranger) => {
  const sealed = createSecretBox('master', 'fleet').seal('pearl');

  expect(() => stranger.open(sealed)).toThrow();
});

test('does not open what has been changed by a bit', () => {
  const box = createSecretBox('master', 'fleet');
  const sealed = box.seal('pearl');
  sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);

  expect(() => box.open(sealed)).toThrow();
});

test('derives the same password for the same label, another for another', () => {
  const box = createSecretBox('master', 'database');

  expect(box.derive('fleet')).toBe(createSecretBox('master', 'database').derive('fleet'));
  expect(box.derive('fleet')).not.toBe(box.derive('accounts'));
});
