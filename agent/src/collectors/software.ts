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

type Fields = Map<string, string>;

async function stanzas(path: string): Promise<Fields[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n\n').map(toFields);
}

/** Both formats hold `Name:value` lines; lines of a longer value begin with a blank and are of no use here. */
function toFields(stanza: string): Fields {
  const fields: Fields = new Map();
  for (const line of stanza.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith(' ')) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

function fromDebian(fields: Fields): Software | null {
  const size = fields.get('Installed-Size');
  const isInstalled = fields.get('Status')?.split(' ')[2] === 'installed';
  return isInstalled
    ? toSoftware({
        name: fields.get('Package'),
        version: fields.get('Version'),
        architecture: fields.get('Architecture'),
        publisher: fields.get('Maintainer'),
        bytes: size ? Number(size) * 1024 : undefined,
      })
    : null;
}

function fromAlpine(fields: Fields): Software | null {
  const size = fields.get('I');
  return toSoftware({
    name: fields.get('P'),
    version: fields.get('V'),
    architecture: fields.get('A'),
    publisher: fields.get('m'),
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
