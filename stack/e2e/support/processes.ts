import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Command lines of living processes, other than this one, that mention the text or work in a folder of that name. */
export function processesMentioning(text: string): string[] {
  return readdirSync('/proc')
    .filter(pid => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .map(pid => describeProcess(pid))
    .filter(description => description.includes(text));
}

function describeProcess(pid: string): string {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return command && `${pid} ${command} in ${readlinkSync(`/proc/${pid}/cwd`)}`;
  } catch {
    return '';
  }
}
