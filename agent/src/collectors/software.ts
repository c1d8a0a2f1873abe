import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** One entry of section SOFTWARE. */
export interface Software {
  name: string;
  version: string;
  architecture: string | null;
  publisher: string | null;
  installedSizeBytes: number | null;
}

const debianStatus = '/var/lib/dpkg/status';
const alpineInstalled = '/lib/apk/db/installed';

/** The packages of dpkg and apk, sorted; those of other systems are not read yet. */
export async function collectSoftware(root = ''): Promise<Software[]> {
  const debian = await stanzas(root + debianStatus);
  const alpine = await stanzas(root + alpineInstalled);
  const found = [...debian.map(fromDebian), ...alpine.map(fromAlpine)].filter(software => software !== null);
  return found.sort((one, other) =>
    `${one.name} ${one.architecture}` < `${other.name} ${other.architecture}` ? -1 : 1,
  );
}

/** Changes whenever a package was installed, changed or removed. */
export function softwareStamp(root = ''): string {
  const times = [debianStatus, alpineInstalled].map(path => statSync(root + path, { throwIfNoEntry: false })?.mtimeMs);
  return times.join(' ');
}

/** What stands after a name at the beginning of a line of a stanza. */
type Fields = (name: string) => string | undefined;

/** Both formats hold `Name:value` lines; lines of a longer value begin with a blank and are of no use here. */
async function stanzas(path: string): Promise<Fields[]> {
  // A byte per character until something is wanted: the list is the largest text that the agent ever holds.
  const text = await readFile(path, 'latin1').catch(() => '');
  return text.split('\n\n').map(stanza => name => readField(stanza, `${name}:`));
}

function readField(stanza: string, start: string): string | undefined {
  const at = stanza.startsWith(start) ? 0 : stanza.indexOf(`\n${start}`) + 1;
  if (at === 0 && !stanza.startsWith(start)) return undefined;
  const end = stanza.indexOf('\n', at);
  const bytes = stanza.slice(at + start.length, end < 0 ? undefined : end).trim();
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function fromDebian(fields: Fields): Software | null {
  const size = fields('Installed-Size');
  const isInstalled = fields('Status')?.split(' ')[2] === 'installed';
  return isInstalled
    ? toSoftware({
        name: fields('Package'),
        version: fields('Version'),
        architecture: fields('Architecture'),
        publisher: fields('Maintainer'),
        bytes: size ? Number(size) * 1024 : undefined,
      })
    : null;
}

function fromAlpine(fields: Fields): Software | null {
  const size = fields('I');
  return toSoftware({
    name: fields('P'),
    version: fields('V'),
    architecture: fields('A'),
    publisher: fields('m'),
    bytes: size ? Number(size) : undefined,
  });
}

interface Facts {
  name: string | undefined;
  version: string | undefined;
  architecture: string | undefined;
  publisher: string | undefined;
  bytes: number | undefined;
}

function toSoftware({ name, version, architecture, publisher, bytes }: Facts): Software | null {
  if (!name || !version) return null;
  return {
    name,
    version,
    architecture: architecture ?? null,
    publisher: publisher ?? null,
    installedSizeBytes: bytes === undefined || Number.isNaN(bytes) ? null : bytes,
  };
}
