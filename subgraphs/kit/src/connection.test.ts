import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, pageSize, toConnection } from './connection.ts';

test('a page is never larger than the limit, whatever a variable says', () => {
  expect([pageSize(undefined), pageSize(null), pageSize(7), pageSize(1_000_000)]).toEqual([50, 50, 7, 100]);
  expect(() => pageSize(0)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});

test('a cursor carries its values and nothing else is taken for one', () => {
  expect(decodeCursor(encodeCursor(['web', 7, null]), 3)).toEqual(['web', 7, null]);
  for (const text of ['', 'x', encodeCursor([1]), Buffer.from('[{},{},{}]').toString('base64url')]) {
    expect(() => decodeCursor(text, 3)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  }
});

test('the row too many only says that there is a next page', () => {
  const page = toConnection([1, 2, 3], 2, { cursorOf: row => `c${row}`, totalCount: 9, isAfter: true });

  expect(page.nodes).toEqual([1, 2]);
  expect(page.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true, startCursor: 'c1', endCursor: 'c2' });
  expect(toConnection([], 2, { cursorOf: String, totalCount: 0, isAfter: false }).pageInfo.endCursor).toBeNull();
});
