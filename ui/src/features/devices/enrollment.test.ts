import { expect, test } from 'vitest';
import { type EnrolledDevice, enrollmentSteps, withDevice } from './enrollment.ts';

const device = (change: Partial<EnrolledDevice> = {}): EnrolledDevice => ({
  id: 'd1',
  displayName: 'box',
  status: 'OFFLINE',
  enrolledAt: '2026-11-22T12:00:00Z',
  inventoryAt: null,
  ...change,
});
const states = (devices: readonly EnrolledDevice[]) => enrollmentSteps(devices).map(({ state }) => state);

test('the steps turn done one after the other', () => {
  expect(states([])).toEqual(['done', 'waiting', 'ahead', 'ahead']);
  expect(states([device()])).toEqual(['done', 'done', 'waiting', 'ahead']);
  expect(states([device({ status: 'ONLINE' })])).toEqual(['done', 'done', 'done', 'waiting']);
  expect(states([device({ status: 'ONLINE', inventoryAt: '2026-11-22T12:00:09Z' })])).toEqual([
    'done',
    'done',
    'done',
    'done',
  ]);
});

test('a device is in the list once, the newest first', () => {
  const later = device({ id: 'd2', enrolledAt: '2026-11-22T12:05:00Z' });
  const devices = withDevice(withDevice([device()], later), device({ status: 'ONLINE' }));

  expect(devices.map(({ id, status }) => [id, status])).toEqual([
    ['d2', 'OFFLINE'],
    ['d1', 'ONLINE'],
  ]);
});
