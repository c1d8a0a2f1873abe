import { expect, test } from 'vitest';
import { isTimeZone } from './time-zone.ts';

test.for(['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('knows %s', name => {
  expect(isTimeZone(name)).toBe(true);
});

test.for(['', '+01:00', 'Europe', 'Europe/Atlantis', 'Europe/Berlin ', 'x'.repeat(100), 'UTC\0'])(
  'does not know %j',
  name => {
    expect(isTimeZone(name)).toBe(false);
  },
);
