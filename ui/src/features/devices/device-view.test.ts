import { describe, expect, test } from 'vitest';
import { compareInView, type DeviceView, paramsOfView, variablesOfView, viewOfParams } from './device-view.ts';
import type { DeviceRow } from './devices.ts';

const plain: DeviceView = {
  search: '',
  status: undefined,
  organizationId: undefined,
  siteId: undefined,
  sortKey: 'name',
  isDescending: false,
};
const read = (text: string) => viewOfParams(new URLSearchParams(text));

describe('the address of a device list', () => {
  test.each(['', '?q=web', '?status=offline', '?q=a+b&status=online&organization=o1&site=s1&sort=-seen'])(
    '%s survives reading and writing',
    text => {
      expect(paramsOfView(read(text))).toBe(text);
    },
  );

  test('counts what it does not understand as absent', () => {
    expect(read('?status=broken&sort=-colour&x=1')).toEqual({ ...plain, isDescending: true });
  });

  test('asks the graph only for what was asked for', () => {
    expect(variablesOfView(plain)).toEqual({ filter: {}, orderBy: { field: 'HOSTNAME', direction: 'ASC' } });
    expect(variablesOfView(read('?q=x&status=overdue&sort=-seen'))).toEqual({
      filter: { search: 'x', statuses: ['OVERDUE'] },
      orderBy: { field: 'LAST_SEEN_AT', direction: 'DESC' },
    });
  });
});

test('compares rows as the view orders them, with the id as the last word', () => {
  const row = (id: string, hostname: string) => ({ id, hostname }) as DeviceRow;

  expect(compareInView(plain)(row('1', 'Alpha'), row('2', 'beta'))).toBeLessThan(0);
  expect(compareInView({ ...plain, isDescending: true })(row('1', 'alpha'), row('2', 'beta'))).toBeGreaterThan(0);
  expect(compareInView(plain)(row('1', 'same'), row('2', 'same'))).toBeLessThan(0);
});
