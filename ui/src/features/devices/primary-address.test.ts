import { expect, test } from 'vitest';
import { primaryAddress, reachableAddresses } from './primary-address.ts';

const card = (name: string, addresses: string[], isUp: boolean | null = true) => ({ name, addresses, isUp });

test('takes the first address that others can reach', () => {
  const interfaces = [
    card('lo', ['127.0.0.1/8', '::1/128']),
    card('docker0', ['172.17.0.1/16']),
    card('eth0', ['fe80::1/64', '2001:db8::7/64', '10.0.0.7/24']),
  ];

  expect(primaryAddress(interfaces)).toBe('10.0.0.7');
  expect(reachableAddresses(interfaces)).toEqual(['10.0.0.7', '2001:db8::7']);
});

test('falls back to inner interfaces', () => {
  expect(primaryAddress([card('docker0', ['172.17.0.1/16'])])).toBe('172.17.0.1');
});

test('knows none where none was reported or all are down', () => {
  expect(primaryAddress([])).toBeUndefined();
  expect(primaryAddress([card('eth0', ['10.0.0.7'], false)])).toBeUndefined();
});
