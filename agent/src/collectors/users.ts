import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../files.ts';

/** One entry of section USERS. */
export interface LoggedInUser {
  name: string;
  terminal: string | null;
  host: string | null;
  since: string | null;
}

/** Who is logged in, by utmp where the system keeps one, else by the sessions of logind. */
export function collectUsers(root = ''): LoggedInUser[] {
  const users = fromUtmp(`${root}/run/utmp`) ?? fromLogind(`${root}/run/systemd/sessions`);
  return users.sort((one, other) => (toKey(one) < toKey(other) ? -1 : 1));
}

function toKey(user: LoggedInUser): string {
  return [user.name, user.terminal, user.since].join(' ');
}

const recordBytes = 384;
const userProcess = 7;

/** Records of fixed size: type 0, terminal 8–40, user 44–76, host 76–332, seconds 340. */
function fromUtmp(path: string): LoggedInUser[] | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const count = Math.floor(bytes.length / recordBytes);
  const records = Array.from({ length: count }, (_, i) => bytes.subarray(i * recordBytes, (i + 1) * recordBytes));
  return records
    .filter(record => record.readInt16LE(0) === userProcess)
    .map(record => ({
      name: text(record, 44, 76) ?? '',
      terminal: text(record, 8, 40),
      host: text(record, 76, 332),
      since: new Date(record.readUInt32LE(340) * 1_000).toISOString(),
    }))
    .filter(user => user.name !== '');
}

function text(record: Buffer, from: number, to: number): string | null {
  return record.toString('utf8', from, to).split('\0')[0] || null;
}

function fromLogind(folder: string): LoggedInUser[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => !name.endsWith('.ref'))
    .map(name => readText(join(folder, name)) ?? '')
    .filter(session => /^CLASS=user/m.test(session) && !/^STATE=closing/m.test(session))
    .map(session => {
      const value = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(session)?.[1] ?? null;
      const micros = value('REALTIME');
      return {
        name: value('USER') ?? '',
        terminal: value('TTY'),
        host: value('REMOTE_HOST'),
        since: micros ? new Date(Number(micros) / 1_000).toISOString() : null,
      };
    })
    .filter(user => user.name !== '');
}
