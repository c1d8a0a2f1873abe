import { ask } from '../child.ts';
import { readText } from '../files.ts';

/** A user of this device, as commands need it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** The user with this name, or null. Local users are read from the file, those of a directory service through getent. */
export async function findAccount(name: string): Promise<Account | null> {
  if (!/^[A-Za-z_][A-Za-z0-9_.@-]*\$?$/.test(name)) return null;
  const local = readText('/etc/passwd')
    ?.split('\n')
    .find(line => line.startsWith(`${name}:`));
  return toAccount(local ?? (await askDirectory(name)));
}

/** The user that the agent itself runs as. */
export function ownAccount(): Account {
  const uid = process.getuid?.() ?? 0;
  const line = readText('/etc/passwd')
    ?.split('\n')
    .find(entry => entry.split(':')[2] === String(uid));
  return toAccount(line ?? '') ?? { name: String(uid), uid, gid: process.getgid?.() ?? 0, home: '/', shell: '/bin/sh' };
}

async function askDirectory(name: string): Promise<string> {
  try {
    return (await ask('getent', ['passwd', name], { deadlineMs: 5_000 })).trim();
  } catch {
    return '';
  }
}

function toAccount(line: string): Account | null {
  const [name, , uid, gid, , home, shell] = line.split(':');
  if (!name || !uid || !gid) return null;
  return { name, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' };
}
