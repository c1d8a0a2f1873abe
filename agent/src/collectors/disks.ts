import { existsSync, readdirSync } from 'node:fs';
import { readNumber, readValue } from '../files.ts';

/** One entry of section DISKS. */
export interface Disk {
  name: string;
  model: string | null;
  serialNumber: string | null;
  sizeBytes: number | null;
  isRotational: boolean | null;
}

const sectorBytes = 512;

/** Whole disks, without loop, RAM, mapped and empty ones. */
export function collectDisks(root = ''): Disk[] {
  const folder = `${root}/sys/block`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => !/^(loop|ram|zram|dm-|md|sr|fd|nbd)/.test(name))
    .sort()
    .map(name => toDisk(name, `${folder}/${name}`))
    .filter(disk => disk.sizeBytes !== 0);
}

function toDisk(name: string, folder: string): Disk {
  const sectors = readNumber(`${folder}/size`);
  const rotational = readNumber(`${folder}/queue/rotational`);
  return {
    name,
    model: readValue(`${folder}/device/model`),
    serialNumber: readValue(`${folder}/device/serial`) ?? readValue(`${folder}/serial`),
    sizeBytes: sectors === null ? null : sectors * sectorBytes,
    isRotational: rotational === null ? null : rotational === 1,
  };
}
