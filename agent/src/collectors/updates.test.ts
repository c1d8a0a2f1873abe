import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { collectUpdates, toUpdates, updatesStamp } from './updates.ts';

/** As apt-get 2.6.1 writes it. */
const simulation = `NOTE: This is only a simulation!
Reading package lists...
The following NEW packages will be installed:
  linux-image-6.1.0-40-amd64
Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Conf base-files (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []
Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian-Security:12/oldstable-security [amd64])
Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Ubuntu:24.04/noble-updates [amd64])
Remv old-thing [1.0]
`;

test('tells updates of installed packages and which of them are for security', () => {
  expect(toUpdates(simulation)).toEqual([
    { name: 'base-files', currentVersion: '12.4+deb12u11', newVersion: '12.4+deb12u15', isSecurity: false },
    { name: 'bash', currentVersion: '5.2.15-2+b8', newVersion: '5.2.15-2+b13', isSecurity: false },
    { name: 'libgcrypt20', currentVersion: '1.10.1-3', newVersion: '1.10.1-3+deb12u1', isSecurity: true },
  ]);
});

test.runIf(existsSync('/usr/bin/apt-get'))('asks the apt of this very machine', async () => {
  const updates = await collectUpdates();

  for (const { name, newVersion } of updates) expect(name && newVersion).toBeTruthy();
  expect(updatesStamp()).toBe(updatesStamp());
});
