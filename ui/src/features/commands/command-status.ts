import type { StatusLook } from '#design/status.ts';
import type { CommandStatusName } from './commands.ts';

/** How each state of a command is shown. */
export const commandStatusLooks: Record<CommandStatusName, StatusLook> = {
  QUEUED: { word: 'Queued', tone: 'info', shape: 'ring', hint: 'Waits for the device.' },
  LEASED: { word: 'Sent', tone: 'info', shape: 'half', hint: 'The device has it and is about to start.' },
  RUNNING: { word: 'Running', tone: 'accent', shape: 'dot', hint: 'Runs on the device now.' },
  SUCCEEDED: { word: 'Succeeded', tone: 'ok', shape: 'check', hint: 'Ended with exit code 0.' },
  FAILED: {
    word: 'Failed',
    tone: 'crit',
    shape: 'cross',
    hint: 'Ended with another exit code than 0, or could not start.',
  },
  TIMED_OUT: { word: 'Timed out', tone: 'warn', shape: 'triangle', hint: 'Ran longer than its timeout and was ended.' },
  CANCELLED: { word: 'Cancelled', tone: 'off', shape: 'square', hint: 'Ended by a person.' },
  EXPIRED: {
    word: 'Expired',
    tone: 'off',
    shape: 'diamond',
    hint: 'The device did not come online in time. It never ran.',
  },
  LOST: {
    word: 'Lost',
    tone: 'warn',
    shape: 'diamond',
    hint: 'The device restarted in the middle. It is not run again by itself.',
  },
};

const liveStatuses: readonly CommandStatusName[] = ['QUEUED', 'LEASED', 'RUNNING'];

/** True while the command can still change. */
export function isLive(status: CommandStatusName): boolean {
  return liveStatuses.includes(status);
}
