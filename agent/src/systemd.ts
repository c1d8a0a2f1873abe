import { existsSync } from 'node:fs';
import { readValue } from './files.ts';

/** Whether systemd is what runs this system, not merely installed in it. */
export function isSystemdRunning(root = ''): boolean {
  return existsSync(`${root}/run/systemd/system`) && readValue(`${root}/proc/1/comm`) === 'systemd';
}
