import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectBootedAt } from './booted-at.ts';
import { collectors } from './collectors.ts';
import { collectDisks } from './disks.ts';
import { collectFileSystems } from './file-systems.ts';
import { collectHardware } from './hardware.ts';
import { collectNetwork } from './network.ts';
import { collectOperatingSystem } from './operating-system.ts';
import { collectSoftware } from './software.ts';
import { collectUsers } from './users.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-root-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function put(files: Record<string, string | Uint8Array>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

test('every collector answers on this very machine', async () => {
  // The heavy one has a test of its own.
  for (const { collect } of collectors.filter(({ isHeavy }) => !isHeavy))
    expect(JSON.stringify(await collect())).toBeTruthy();
  expect((await collectFileSystems()).some(({ mountPoint, sizeBytes }) => mountPoint === '/' && sizeBytes > 0)).toBe(
    true,
  );
  expect(Date.parse(collectBootedAt() ?? '')).toBeLessThan(Date.now());
});

test('reads the system and its wish for a reboot', () => {
  put({ 'etc/os-release': 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n' });
  expect(collectOperatingSystem(root)).toMatchObject({ name: 'Debian GNU/Linux', version: '12', needsReboot: false });

  put({ 'run/reboot-required': '' });
  expect(collectOperatingSystem(root).needsReboot).toBe(true);
});

test('names the time zone by its link, else by the file that says it', () => {
  put({ 'etc/timezone': 'Europe/Vienna\n' });
  expect(collectOperatingSystem(root).timeZone).toBe('Europe/Vienna');

  symlinkSync('../usr/share/zoneinfo/America/Lima', join(root, 'etc/localtime'));
  expect(collectOperatingSystem(root).timeZone).toBe('America/Lima');
});

test('says null where nothing is known', () => {
  expect(collectOperatingSystem(root)).toMatchObject({ family: 'LINUX', name: null, version: null, needsReboot: null });
  expect(collectHardware(root)).toEqual({
    manufacturer: null,
    model: null,
    serialNumber: null,
    isVirtual: null,
    cpu: { model: null, cores: null, threads: null, speedMhz: null },
    memoryBytes: null,
    memoryModules: null,
  });
  expect([collectDisks(root), collectNetwork(root), collectUsers(root)]).toEqual([[], [], []]);
});

test('reads the hardware and believes no placeholder', () => {
  const cpu = (id: number) =>
    `processor\t: ${id}\nmodel name\t: Xeon @ 2.50GHz\nphysical id\t: 0\ncore id\t\t: ${id >> 1}\nflags\t\t: fpu\n`;
  put({
    'proc/cpuinfo': [0, 1, 2, 3].map(cpu).join('\n'),
    'proc/meminfo': 'MemTotal:       1024 kB\n',
    'sys/class/dmi/id/sys_vendor': 'Dell Inc.\n',
    'sys/class/dmi/id/product_name': 'PowerEdge R740\n',
    'sys/class/dmi/id/product_serial': 'To Be Filled By O.E.M.\n',
  });

  expect(collectHardware(root)).toEqual({
    manufacturer: 'Dell Inc.',
    model: 'PowerEdge R740',
    serialNumber: null,
    isVirtual: false,
    cpu: { model: 'Xeon @ 2.50GHz', cores: 2, threads: 4, speedMhz: 2500 },
    memoryBytes: 1_048_576,
    memoryModules: null,
  });
});

test('measures each local file system once and asks no remote one', async () => {
  const mountinfo = `
1 0 8:1 / /proc rw - ext4 /dev/sda1 rw
2 0 8:1 /x /proc/self rw - ext4 /dev/sda1 rw
3 0 8:2 / ${root.replaceAll('/', '\\057')} rw,relatime shared:1 - xfs /dev/sdb1 rw
4 0 0:44 / /mnt rw - nfs4 server:/export rw
5 0 0:45 / /run rw - tmpfs tmpfs rw`;

  const found = await collectFileSystems(mountinfo);

  expect(found).toMatchObject([{ mountPoint: root, device: '/dev/sdb1', type: 'xfs' }]);
});

test('lists disks without loops and empty slots', () => {
  put({
    'sys/block/sda/size': '2048\n',
    'sys/block/sda/queue/rotational': '1\n',
    'sys/block/sda/device/model': 'WDC  \n',
    'sys/block/loop0/size': '8\n',
    'sys/block/sdb/size': '0\n',
  });

  expect(collectDisks(root)).toEqual([
    { name: 'sda', model: 'WDC', serialNumber: null, sizeBytes: 1_048_576, isRotational: true },
  ]);
});

test('lists interfaces without the loopback', () => {
  const eth = 'sys/class/net/eth9';
  put({
    [`${eth}/ifindex`]: '2\n',
    [`${eth}/address`]: '02:00:00:00:00:01\n',
    [`${eth}/operstate`]: 'up\n',
    [`${eth}/mtu`]: '1500\n',
    [`${eth}/speed`]: '-1\n',
    'sys/class/net/lo/ifindex': '1\n',
  });

  expect(collectNetwork(root)).toEqual([
    { name: 'eth9', macAddress: '02:00:00:00:00:01', addresses: [], isUp: true, mtu: 1500, speedMbps: null },
  ]);
});

test('lists the packages of dpkg that are installed, and those of apk', async () => {
  put({
    'var/lib/dpkg/status': `Package: bash
Status: install ok installed
Maintainer: Matthias Klose <doko@debian.org>
Architecture: amd64
Installed-Size: 7164
Version: 5.2.15-2
Description: GNU Bourne Again SHell
 Version: no

Package: gone
Status: deinstall ok config-files
Version: 1
`,
    'lib/apk/db/installed': 'C:Q1=\nP:musl\nV:1.2.5-r0\nA:x86_64\nI:405504\nm:Timo <t@alpinelinux.org>\n\n',
  });

  expect(await collectSoftware(root)).toEqual([
    {
      name: 'bash',
      version: '5.2.15-2',
      architecture: 'amd64',
      publisher: 'Matthias Klose <doko@debian.org>',
      installedSizeBytes: 7164 * 1024,
    },
    {
      name: 'musl',
      version: '1.2.5-r0',
      architecture: 'x86_64',
      publisher: 'Timo <t@alpinelinux.org>',
      installedSizeBytes: 405_504,
    },
  ]);
});

test('lists users from utmp, else from the sessions of logind', () => {
  put({
    'run/systemd/sessions/4':
      'UID=0\nUSER=ada\nCLASS=user\nSTATE=active\nTTY=pts/0\nREMOTE_HOST=192.0.2.1\nREALTIME=1700000000000000\n',
    'run/systemd/sessions/5': 'USER=gdm\nCLASS=greeter\nSTATE=active\n',
  });
  const ada = { name: 'ada', terminal: 'pts/0', host: '192.0.2.1', since: '2023-11-14T22:13:20.000Z' };
  expect(collectUsers(root)).toEqual([ada]);

  const record = Buffer.alloc(384);
  record.writeInt16LE(7, 0);
  record.write('tty1', 8);
  record.write('bob', 44);
  record.writeUInt32LE(1_700_000_000, 340);
  put({ 'run/utmp': Buffer.concat([Buffer.alloc(384), record]) });
  expect(collectUsers(root)).toEqual([{ ...ada, name: 'bob', terminal: 'tty1', host: null }]);
});
