import { createHmac } from 'node:crypto';
import { collectHardware } from './collectors/hardware.ts';
import { collectNetwork } from './collectors/network.ts';
import { readValue } from './files.ts';

/** What tells this machine from others, so that the server finds its record again; what is not known is null. */
export interface MachineFacts {
  /** Not the machine's own id, which is confidential, but one derived from it for Muster alone. */
  readonly machineId: string | null;
  readonly serialNumber: string | null;
  /** Of lasting hardware; made-up addresses name nothing. */
  readonly macAddresses: string[];
}

/** Any other program that derives an id from the same machine derives another one. */
const application = '4d757374-6572-4167-856e-740000000001';

/** The facts by which a re-installed agent is known. */
export function machineFacts(root = ''): MachineFacts {
  const macs = collectNetwork(root).map(({ macAddress }) => macAddress?.toLowerCase());
  return {
    machineId: machineId(root),
    serialNumber: collectHardware(root).serialNumber,
    macAddresses: [...new Set(macs.filter(mac => mac !== undefined).filter(isBurnedIn))].sort(),
  };
}

function machineId(root: string): string | null {
  const id = readValue(`${root}/etc/machine-id`) ?? readValue(`${root}/var/lib/dbus/machine-id`);
  if (!id || !/^[0-9a-f]{32}$/.test(id)) return null;
  return createHmac('sha256', Buffer.from(id, 'hex')).update(application).digest('hex').slice(0, 32);
}

/** Bit 2 of the first byte says that an address was made up by software. */
function isBurnedIn(mac: string): boolean {
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && (Number.parseInt(mac.slice(0, 2), 16) & 2) === 0;
}
