import { readNumber, readText, readValue } from '../files.ts';
import { collectMemoryModules, type MemoryModule } from './memory-modules.ts';
import { meaningful } from './placeholders.ts';

/** Section HARDWARE. */
export interface Hardware {
  manufacturer: string | null;
  model: string | null;
  serialNumber: string | null;
  isVirtual: boolean | null;
  cpu: { model: string | null; cores: number | null; threads: number | null; speedMhz: number | null };
  memoryBytes: number | null;
  /** Null where the firmware does not tell. */
  memoryModules: MemoryModule[] | null;
}

/** The machine itself; what its firmware does not tell, or only to root, is null. */
export function collectHardware(root = ''): Hardware {
  const cpuinfo = readText(`${root}/proc/cpuinfo`) ?? '';
  const dmi = (name: string) => meaningful(readValue(`${root}/sys/class/dmi/id/${name}`));
  const deviceTree = (name: string) =>
    meaningful(readValue(`${root}/proc/device-tree/${name}`)?.replaceAll('\0', '') ?? null);
  const manufacturer = dmi('sys_vendor');
  const model = dmi('product_name') ?? deviceTree('model');
  return {
    manufacturer,
    model,
    serialNumber: dmi('product_serial') ?? deviceTree('serial-number'),
    isVirtual: isVirtual(cpuinfo, `${manufacturer} ${model}`),
    cpu: {
      model: field(cpuinfo, 'model name') ?? field(cpuinfo, 'Model'),
      cores: countCores(cpuinfo),
      threads: cpuinfo.match(/^processor\s*:/gm)?.length ?? null,
      speedMhz: speedMhz(root, cpuinfo),
    },
    memoryBytes: memoryBytes(root),
    memoryModules: collectMemoryModules(root),
  };
}

function field(text: string, name: string): string | null {
  return new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(text)?.[1]?.trim() ?? null;
}

function isVirtual(cpuinfo: string, maker: string): boolean | null {
  if (/^flags\s*:.*\bhypervisor\b/m.test(cpuinfo)) return true;
  if (/qemu|kvm|vmware|virtualbox|xen|virtual machine|bochs|amazon ec2|google compute/i.test(maker)) return true;
  // x86 hypervisors announce themselves by that flag; other architectures have no such sign.
  return /^flags\s*:/m.test(cpuinfo) ? false : null;
}

function countCores(cpuinfo: string): number | null {
  const cores = cpuinfo.split('\n\n').map(block => `${field(block, 'physical id')}/${field(block, 'core id')}`);
  const known = cores.filter(core => !core.includes('null'));
  return known.length > 0 ? new Set(known).size : null;
}

/** The rated speed, not the present one, which changes by the second. */
function speedMhz(root: string, cpuinfo: string): number | null {
  const rated = readNumber(`${root}/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq`);
  if (rated) return rated / 1_000;
  const named = /@ ([\d.]+)\s*GHz/.exec(cpuinfo)?.[1];
  if (named) return Math.round(Number(named) * 1_000);
  const present = field(cpuinfo, 'cpu MHz');
  return present ? Math.round(Number(present)) : null;
}

function memoryBytes(root: string): number | null {
  const kibibytes = /^MemTotal:\s*(\d+) kB/m.exec(readText(`${root}/proc/meminfo`) ?? '')?.[1];
  return kibibytes ? Number(kibibytes) * 1024 : null;
}
