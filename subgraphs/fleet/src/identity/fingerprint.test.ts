import { describe, expect, test } from 'vitest';
import { findSame, looksLike, toFingerprint } from './fingerprint.ts';

const machine = (claim: Parameters<typeof toFingerprint>[0]) => toFingerprint(claim);
const MAC = '52:54:00:aa:bb:cc';

describe('a claim', () => {
  test('is kept in one spelling', () => {
    expect(
      machine({ machineId: ' ABCDEF01 ', serialNumber: ' PF-1 ', macAddresses: ['52-54-00-AA-BB-CC', MAC] }),
    ).toEqual({
      machineId: 'abcdef01',
      serialNumber: 'PF-1',
      macAddresses: [MAC],
    });
  });

  test.each([
    'To Be Filled By O.E.M.',
    'None',
    '0',
    '0000000',
    'Default string',
    'System Serial Number',
    'Not Specified',
    '',
    '...',
    'x'.repeat(200),
  ])('of the serial number “%s” says nothing', serialNumber => {
    expect(machine({ serialNumber }).serialNumber).toBeNull();
  });

  test('of addresses that every machine has, or that are none, says nothing', () => {
    const macAddresses = ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '02:42:ac:11:00:02', 'nonsense'];

    expect(machine({ macAddresses, machineId: '00000000000000000000000000000000' })).toEqual({
      machineId: null,
      serialNumber: null,
      macAddresses: [],
    });
  });
});

describe('the same machine', () => {
  test('is found by its machine id', () => {
    const known = [machine({ machineId: 'a1' }), machine({ machineId: 'b2' })];

    expect(findSame(known, machine({ machineId: 'b2' }))).toBe(known[1]);
  });

  test('is found by serial number and network card when its system was installed anew', () => {
    const known = [machine({ machineId: 'a1', serialNumber: 'PF1', macAddresses: [MAC] })];

    expect(findSame(known, machine({ machineId: 'c3', serialNumber: 'PF1', macAddresses: [MAC] }))).toBe(known[0]);
  });

  test('is not guessed from a serial number or a network card alone', () => {
    const known = [machine({ serialNumber: 'PF1', macAddresses: [MAC] })];

    expect(findSame(known, machine({ serialNumber: 'PF1' }))).toBeUndefined();
    expect(findSame(known, machine({ macAddresses: [MAC] }))).toBeUndefined();
  });

  test('is not guessed where two fit', () => {
    const known = [machine({ machineId: 'a1' }), machine({ machineId: 'a1' })];

    expect(findSame(known, machine({ machineId: 'a1' }))).toBeUndefined();
  });

  test('is not one whose serial number is another: a copied disk', () => {
    const known = [machine({ machineId: 'a1', serialNumber: 'PF1' })];
    const copy = machine({ machineId: 'a1', serialNumber: 'PF2' });

    expect(findSame(known, copy)).toBeUndefined();
    expect(looksLike(known[0]!, copy)).toBe(true);
  });

  test('is nobody for a claim of nothing', () => {
    expect(findSame([machine({}), machine({})], machine({}))).toBeUndefined();
    expect(looksLike(machine({}), machine({}))).toBe(false);
  });
});
