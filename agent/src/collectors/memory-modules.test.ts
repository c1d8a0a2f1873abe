import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectMemoryModules, toMemoryModules } from './memory-modules.ts';

interface Bank {
  size: number;
  extended?: number;
  type?: number;
  speed?: number;
  texts?: string[];
}

/** A structure as firmware of revision 2.8 or later lays it out. */
function structure({ size, extended = 0, type = 26, speed = 3200, texts = [] }: Bank, kind = 17): Buffer {
  const fields = Buffer.alloc(0x28);
  fields.writeUInt8(kind, 0);
  fields.writeUInt8(fields.length, 1);
  fields.writeUInt16LE(size, 0x0c);
  [0x10, 0x11, 0x17, 0x18, 0x19, 0x1a].slice(0, texts.length).forEach((offset, index) => {
    fields.writeUInt8(index + 1, offset);
  });
  fields.writeUInt8(type, 0x12);
  fields.writeUInt16LE(speed, 0x15);
  fields.writeUInt32LE(extended, 0x1c);
  return Buffer.concat([fields, Buffer.from(texts.length > 0 ? `${texts.join('\0')}\0\0` : '\0\0')]);
}

const end = Buffer.from([127, 4, 0, 0, 0, 0]);
const names = ['DIMM A1', 'BANK 0', 'Samsung', '12345678', 'tag', 'M393A2K43DB3-CWE  '];

test('tells filled banks, passes over empty ones and other structures', () => {
  const table = Buffer.concat([
    structure({ size: 1, texts: ['BIOS'] }, 0),
    structure({ size: 16_384, texts: names }),
    structure({ size: 0, texts: ['DIMM A2'] }),
    end,
    structure({ size: 16_384, texts: names }),
  ]);

  expect(toMemoryModules(table)).toEqual([
    {
      slot: 'DIMM A1',
      sizeBytes: 16 * 1024 ** 3,
      type: 'DDR4',
      speedMhz: 3200,
      manufacturer: 'Samsung',
      partNumber: 'M393A2K43DB3-CWE',
      serialNumber: '12345678',
    },
  ]);
});

test('reads large and small sizes, and tells nothing of a bank that does not tell its own', () => {
  const sizes = [{ size: 0x7fff, extended: 65_536 }, { size: 0x8000 | 512 }, { size: 0xffff }];

  const modules = toMemoryModules(Buffer.concat([...sizes.map(bank => structure(bank)), end]));

  expect(modules.map(({ sizeBytes }) => sizeBytes)).toEqual([64 * 1024 ** 3, 512 * 1024]);
  expect(modules.map(({ slot }) => slot)).toEqual(['#0', '#0']);
});

test('says null for what the vendor left out', () => {
  const texts = ['DIMM 0', 'BANK 0', 'Not Specified', 'Unknown', '', 'NO DIMM'];

  const [module] = toMemoryModules(structure({ size: 1_024, type: 2, speed: 0, texts }));

  expect(module).toMatchObject({
    type: null,
    speedMhz: null,
    manufacturer: null,
    serialNumber: null,
    partNumber: null,
  });
});

test('survives a table that is cut short or makes no sense', () => {
  const whole = structure({ size: 16_384, texts: names });

  for (let length = 0; length <= whole.length; length++) toMemoryModules(whole.subarray(0, length));
  expect(toMemoryModules(Buffer.alloc(64))).toEqual([]);
});

test('is null where the firmware has no table, and read where it has one', () => {
  const root = mkdtempSync(join(tmpdir(), 'muster-root-'));
  try {
    expect(collectMemoryModules(root)).toBe(null);
    mkdirSync(join(root, 'sys/firmware/dmi/tables'), { recursive: true });
    writeFileSync(join(root, 'sys/firmware/dmi/tables/DMI'), structure({ size: 1_024 }));
    expect(collectMemoryModules(root)).toHaveLength(1);
  } finally {
    rmSync(root, { recursive: true });
  }
});
