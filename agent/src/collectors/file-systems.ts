import { statfs } from 'node:fs/promises';
import { readText } from '../files.ts';

/** One entry of section FILE_SYSTEMS. */
export interface FileSystem {
  mountPoint: string;
  device: string | null;
  type: string | null;
  sizeBytes: number;
  usedBytes: number;
}

/** Asking any other one (nfs, cifs, fuse) may hang for as long as its server is away. */
const localTypes = new Set(
  'bcachefs btrfs exfat ext2 ext3 ext4 f2fs jfs ntfs ntfs3 overlay reiserfs ubifs ufs vfat xfs zfs'.split(' '),
);

const deadlineMs = 2_000;

/** Local file systems, each once however often it is mounted. */
export async function collectFileSystems(mountinfo = readText('/proc/self/mountinfo') ?? ''): Promise<FileSystem[]> {
  const found = await Promise.all(localMounts(mountinfo).map(measure));
  return found.filter(fileSystem => fileSystem !== null);
}

interface Mount {
  id: string;
  mountPoint: string;
  device: string;
  type: string;
}

function localMounts(mountinfo: string): Mount[] {
  const byDevice = new Map<string, Mount>();
  for (const line of mountinfo.split('\n')) {
    const mount = toMount(line);
    if (!mount || !localTypes.has(mount.type)) continue;
    const known = byDevice.get(mount.id);
    // Bind mounts show the same device again; the shortest path is the real place.
    if (!known || mount.mountPoint.length < known.mountPoint.length) byDevice.set(mount.id, mount);
  }
  return [...byDevice.values()].sort((one, other) => (one.mountPoint < other.mountPoint ? -1 : 1));
}

/** `36 35 98:0 /root /mount options [tags] - type device options` */
function toMount(line: string): Mount | null {
  const [before, after] = line.split(' - ');
  const [, , id, , mountPoint] = before?.split(' ') ?? [];
  const [type, device] = after?.split(' ') ?? [];
  if (!id || !mountPoint || !type || !device) return null;
  return { id, mountPoint: fromOctal(mountPoint), device: fromOctal(device), type };
}

/** The kernel writes blanks and the like as octal. */
function fromOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

async function measure({ mountPoint, device, type }: Mount): Promise<FileSystem | null> {
  const late = new Promise<null>(resolve => setTimeout(resolve, deadlineMs, null).unref());
  const facts = await Promise.race([statfs(mountPoint).catch(() => null), late]);
  if (!facts || facts.blocks === 0) return null;
  const sizeBytes = facts.blocks * facts.bsize;
  return { mountPoint, device, type, sizeBytes, usedBytes: sizeBytes - facts.bfree * facts.bsize };
}
