import { existsSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { readNumber, readValue } from '../files.ts';

/** One entry of section NETWORK. */
export interface NetworkInterface {
  name: string;
  macAddress: string | null;
  /** With prefix length, as in 192.0.2.7/24. */
  addresses: string[];
  isUp: boolean | null;
  mtu: number | null;
  speedMbps: number | null;
}

/** All interfaces but the loopback and the host ends of containers. */
export function collectNetwork(root = ''): NetworkInterface[] {
  const folder = `${root}/sys/class/net`;
  if (!existsSync(folder)) return [];
  const addresses = networkInterfaces();
  return readdirSync(folder)
    .filter(name => name !== 'lo' && !name.startsWith('veth') && existsSync(`${folder}/${name}/ifindex`))
    .sort()
    .map(name => ({
      ...linkFacts(`${folder}/${name}`, name),
      addresses: (addresses[name] ?? []).flatMap(({ cidr }) => cidr ?? []).sort(),
    }));
}

function linkFacts(folder: string, name: string): Omit<NetworkInterface, 'addresses'> {
  const mac = readValue(`${folder}/address`);
  // Virtual links say -1, and reading fails while the link is down.
  const speed = readNumber(`${folder}/speed`);
  return {
    name,
    macAddress: mac && !/^[0:]+$/.test(mac) ? mac : null,
    isUp: isUp(folder),
    mtu: readNumber(`${folder}/mtu`),
    speedMbps: speed !== null && speed > 0 ? speed : null,
  };
}

function isUp(folder: string): boolean | null {
  const state = readValue(`${folder}/operstate`);
  if (state === 'up') return true;
  if (state !== 'unknown') return state === null ? null : false;
  // Tunnels and the like never tell: they are up when they are switched on.
  const flags = Number(readValue(`${folder}/flags`) ?? Number.NaN);
  return Number.isNaN(flags) ? null : (flags & 1) === 1;
}
