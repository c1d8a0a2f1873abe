import type { StatusLook } from '#design/status.ts';
import type { DeviceStatusName } from './devices.ts';

/** How each state of a device is shown. */
export const deviceStatusLooks: Record<DeviceStatusName, StatusLook> = {
  ONLINE: { word: 'Online', tone: 'ok', shape: 'dot', hint: 'The agent is connected.' },
  OFFLINE: { word: 'Offline', tone: 'off', shape: 'ring', hint: 'The agent is not connected. Commands wait for it.' },
  OVERDUE: {
    word: 'Overdue',
    tone: 'warn',
    shape: 'triangle',
    hint: 'The agent has not been seen for longer than it should be away.',
  },
  PENDING: { word: 'Pending', tone: 'info', shape: 'diamond', hint: 'The device has enrolled and waits for approval.' },
  REVOKED: { word: 'Revoked', tone: 'crit', shape: 'cross', hint: 'The agent may no longer connect.' },
};

/** True for the name of a state of a device. */
export function isDeviceStatus(name: string): name is DeviceStatusName {
  return Object.hasOwn(deviceStatusLooks, name);
}
