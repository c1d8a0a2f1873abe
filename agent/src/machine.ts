import { existsSync } from 'node:fs';
import { collectHardware } from './collectors/hardware.ts';
import { collectMachineId } from './collectors/machine-id.ts';
import { collectNetwork } from './collectors/network.ts';

/** What tells this machine from others, so that the server finds its record again; what is not known is null. */
export interface MachineFacts {
  /** Not the machine's own id, which is confidential, but one derived from it for Muster alone. */
  readonly machineId: string | null;
  readonly serialNumber: string | null;
  /** Of cards, real or a hypervisor's; those of bridges and tunnels name nothing. */
  readonly macAddresses: string[];
}

/** The facts by which a re-installed agent is known. */
export function machineFacts(root = ''): MachineFacts {
  const isPhysical = (name: string) => existsSync(`${root}/sys/class/net/${name}/device`);
  const macs = collectNetwork(root).map(({ name, macAddress }) =>
    isPhysical(name) ? macAddress?.toLowerCase() : null,
  );
  return {
    machineId: collectMachineId(root),
    serialNumber: collectHardware(root).serialNumber,
    macAddresses: [...new Set(macs.filter(mac => typeof mac === 'string'))].sort(),
  };
}
