import { expect, test } from 'vitest';
import { collectServices, toServices } from './services.ts';

/** As systemctl 252 writes them with --plain --no-legend. */
const files = `apt-daily.service                          static          -
autovt@.service                            alias           -
console-getty.service                      disabled        disabled
cron.service                               enabled         enabled
cryptdisks.service                         masked          enabled
dbus-org.freedesktop.timesync1.service     alias           -
getty@.service                             enabled         enabled
nginx.service                              enabled         enabled
systemd-timesyncd.service                  enabled-runtime enabled
`;
const units = `  cron.service               loaded    active   running Regular background program processing daemon
getty@tty1.service         loaded    active   running Getty on tty1
nginx.service              loaded    failed   failed  A high performance web server
plymouth-start.service     not-found inactive dead    plymouth-start.service
rc-local.service           loaded    active   exited  rc-local.service
systemd-timesyncd.service  loaded    inactive dead    Network Time Synchronization
`;

test('joins loaded units with installed ones and tells only what systemd knows', () => {
  const services = toServices(units, files);

  expect(services.map(({ name, state, isEnabled }) => [name, state, isEnabled])).toEqual([
    ['apt-daily.service', 'STOPPED', null],
    ['console-getty.service', 'STOPPED', false],
    ['cron.service', 'RUNNING', true],
    ['cryptdisks.service', 'STOPPED', false],
    ['getty@tty1.service', 'RUNNING', true],
    ['nginx.service', 'FAILED', true],
    ['rc-local.service', 'EXITED', null],
    ['systemd-timesyncd.service', 'STOPPED', true],
  ]);
  expect(services.find(({ name }) => name === 'cron.service')).toEqual({
    name: 'cron.service',
    displayName: null,
    state: 'RUNNING',
    isEnabled: true,
    description: 'Regular background program processing daemon',
  });
  expect(services.find(({ name }) => name === 'rc-local.service')?.description).toBe(null);
});

test('answers on this very machine, with an empty list where another init runs', async () => {
  expect(Array.isArray(await collectServices())).toBe(true);
});
