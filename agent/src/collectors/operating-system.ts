import { existsSync, readlinkSync } from 'node:fs';
import { arch, hostname, release } from 'node:os';
import { readText, readValue } from '../files.ts';
import { collectMachineId } from './machine-id.ts';

/** Section OS. */
export interface OperatingSystem {
  family: 'LINUX';
  /** A machine that is renamed keeps its record. */
  hostname: string;
  machineId: string | null;
  name: string | null;
  version: string | null;
  kernel: string;
  architecture: string;
  /** As in Europe/Vienna. */
  timeZone: string | null;
  needsReboot: boolean | null;
}

/** The system as its own release file names it. */
export function collectOperatingSystem(root = ''): OperatingSystem {
  const facts = releaseFacts(readText(`${root}/etc/os-release`) ?? readText(`${root}/usr/lib/os-release`) ?? '');
  return {
    family: 'LINUX',
    hostname: hostname(),
    machineId: collectMachineId(root),
    name: facts.get('NAME') ?? null,
    version: facts.get('VERSION_ID') ?? null,
    kernel: release(),
    architecture: arch() === 'x64' ? 'x86_64' : arch() === 'arm64' ? 'aarch64' : arch(),
    timeZone: timeZone(root),
    needsReboot: needsReboot(root, facts),
  };
}

function timeZone(root: string): string | null {
  try {
    const target = readlinkSync(`${root}/etc/localtime`);
    return target.split('/zoneinfo/')[1] ?? null;
  } catch {
    return readValue(`${root}/etc/timezone`);
  }
}

function releaseFacts(text: string): Map<string, string> {
  const pairs = text.split('\n').map(line => /^([A-Z_]+)=["']?(.*?)["']?$/.exec(line));
  return new Map(pairs.flatMap(match => (match?.[1] && match[2] ? [[match[1], match[2]] as const] : [])));
}

/** Debian and SUSE leave a file when an update asks for a reboot; Debian and its kin always do, elsewhere it is not known. */
function needsReboot(root: string, facts: Map<string, string>): boolean | null {
  if (['reboot-required', 'reboot-needed'].some(name => existsSync(`${root}/run/${name}`))) return true;
  const kin = `${facts.get('ID')} ${facts.get('ID_LIKE')}`;
  return /\b(debian|ubuntu)\b/.test(kin) ? false : null;
}
