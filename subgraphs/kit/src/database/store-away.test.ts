import { expect, test } from 'vitest';
import { isStoreAway } from './store-away.ts';

const withCode = (code: string, cause?: unknown) => Object.assign(new Error('told', { cause }), { code });

test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', '57P01', '08006', '53300'])(
  '%s says that the store is away',
  code => {
    expect(isStoreAway(withCode(code))).toBe(true);
    expect(isStoreAway(new Error('outer', { cause: withCode(code) }))).toBe(true);
  },
);

test.each(['23505', '42501', '22P02'])('%s does not', code => {
  expect(isStoreAway(withCode(code))).toBe(false);
});
