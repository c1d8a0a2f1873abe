import { readValue } from './files.ts';

/** Names this run of the kernel: pids and start times mean nothing in another one. */
export function bootId(): string {
  return readValue('/proc/sys/kernel/random/boot_id') ?? '';
}

/** Seconds since boot, which no adjustment of the clock moves. */
export function uptimeSeconds(): number {
  return Number(readValue('/proc/uptime')?.split(' ')[0] ?? 0);
}
