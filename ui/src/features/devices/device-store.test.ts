import { describe, expect, test } from 'vitest';
import { DeviceStore } from './device-store.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: 'ONLINE' | 'OFFLINE';
}

const row = (id: string, status: Row['status'] = 'ONLINE', name = id): Row => ({ id, name, status });
const ids = (store: DeviceStore<Row>) => store.rows.map(({ id }) => id);

function aStore({ status, flushes = [] }: { status?: Row['status']; flushes?: (() => void)[] } = {}) {
  return new DeviceStore<Row>({
    compare: (first, second) => first.name.localeCompare(second.name),
    matches: each => status === undefined || each.status === status,
    schedule: flush => void flushes.push(flush),
  });
}

describe('DeviceStore', () => {
  test('keeps the order of the server over several pages', () => {
    const store = aStore();
    store.replace({ rows: [row('c'), row('a')], total: 3, hasMore: true });
    store.append({ rows: [row('b')], total: 3, hasMore: false });

    expect(ids(store)).toEqual(['c', 'a', 'b']);
    expect(store.total).toBe(3);
    expect(store.hasMore).toBe(false);
  });

  test('changes a known row in place', () => {
    const store = aStore();
    store.replace({ rows: [row('a'), row('b')], total: 2, hasMore: false });

    expect(store.apply(row('b', 'OFFLINE', '0'))).toBe('changed');
    expect(store.rows[1]).toEqual(row('b', 'OFFLINE', '0'));
  });

  test('puts a new row where the order wants it', () => {
    const store = aStore();
    store.replace({ rows: [row('a'), row('c')], total: 2, hasMore: false });

    expect(store.apply(row('b'))).toBe('added');
    expect(ids(store)).toEqual(['a', 'b', 'c']);
    expect(store.total).toBe(3);
  });

  test('leaves a new row behind the last loaded one to the page it comes with', () => {
    const store = aStore();
    store.replace({ rows: [row('a')], total: 5, hasMore: true });
    store.apply(row('z'));

    expect(ids(store)).toEqual(['a']);
    expect(store.total).toBe(6);
  });

  test('does not double a row that came live before its page', () => {
    const store = aStore();
    store.replace({ rows: [row('a'), row('d')], total: 3, hasMore: true });
    store.apply(row('b', 'OFFLINE'));
    store.append({ rows: [row('b'), row('e')], total: 4, hasMore: false });

    expect(ids(store)).toEqual(['a', 'b', 'd', 'e']);
    expect(store.rows[1]?.status).toBe('ONLINE');
  });

  test('takes a row out that leaves the filter, and in when it comes back', () => {
    const store = aStore({ status: 'ONLINE' });
    store.replace({ rows: [row('a'), row('b')], total: 2, hasMore: false });

    expect(store.apply(row('a', 'OFFLINE'))).toBe('removed');
    expect(store.apply(row('x', 'OFFLINE'))).toBe('ignored');
    expect(store.total).toBe(1);
    expect(store.apply(row('a'))).toBe('added');
    expect(ids(store)).toEqual(['a', 'b']);
  });

  test('asks for one update however many changes come before the frame', () => {
    const flushes: (() => void)[] = [];
    const store = aStore({ flushes });
    store.replace({ rows: [row('a')], total: 1, hasMore: false });
    for (let index = 0; index < 1000; index += 1) store.apply(row('a', index % 2 ? 'ONLINE' : 'OFFLINE'));

    expect(flushes).toHaveLength(1);
    flushes[0]?.();
    store.apply(row('a'));
    expect(flushes).toHaveLength(2);
  });

  test('builds the rows once for many changes', () => {
    const store = aStore();
    store.replace({ rows: [row('a'), row('b')], total: 2, hasMore: false });
    store.apply(row('a', 'OFFLINE'));

    expect(store.rows).toBe(store.rows);
  });
});
