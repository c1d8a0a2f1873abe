import type { Database } from '@muster/kit/database/database';
import { inTransaction } from '@muster/kit/database/transaction';
import { AppError } from '@muster/kit/errors';
import { newId } from '@muster/kit/ids';
import type pg from 'pg';
import type { DeviceChanged } from '../events.ts';
import { deviceFactsOf } from './device-facts.ts';
import { boundChanges, type Change, diffSection, isTracked } from './inventory-diff.ts';
import type { ParsedSection } from './parse-report.ts';
import type { ReportInventoryInput } from './report-inventory.ts';
import { lockDevice, type ReportingDevice, writeDevice } from './reporting-device.ts';

/** A section as it was before; its data only where it is another now and its changes are kept. */
interface StoredSection {
  readonly section: string;
  readonly hash: string;
  readonly data: unknown;
}

/** Agents count the start of the machine back from now: less than this is no reboot. */
const CLOCK_PLAY_MS = 5_000;

/** Stores a believed report with its changes in one transaction; the event to tell, or undefined where nothing is new. */
export function storeReport(
  database: Database,
  deviceId: string,
  report: { input: ReportInventoryInput; sections: readonly ParsedSection[] },
): Promise<DeviceChanged | undefined> {
  const { input, sections } = report;
  return inTransaction(database.pool, async client => {
    const device = await lockDevice(client, deviceId);
    if (!device || device.status === 'REVOKED') throw new AppError('FORBIDDEN', 'This device is cut off.');
    const stored = await readStored(client, deviceId, sections);
    const fresh = sections.filter(({ section, hash }) => stored.get(section)?.hash !== hash);
    await touchSections(
      client,
      deviceId,
      sections.filter(one => !fresh.includes(one)),
    );
    await writeSections(client, deviceId, fresh);
    await writeChanges(client, deviceId, boundChanges(fresh.flatMap(one => changesOf(one, stored.get(one.section)))));
    const isNew = fresh.length > 0 || isAnother(device, input);
    const sequence = await writeDevice(client, { ...device, ...deviceFactsOf(input, sections) }, isNew);
    const { organizationId, siteId } = device;
    return isNew ? { deviceId, organizationId, siteId, kind: 'INVENTORY', sequence } : undefined;
  });
}

async function readStored(
  client: pg.PoolClient,
  deviceId: string,
  sections: readonly ParsedSection[],
): Promise<ReadonlyMap<string, StoredSection>> {
  const { rows } = await client.query<StoredSection>({
    name: 'report-stored',
    text: `select s.section, s.hash, case when n.is_tracked and s.hash <> n.hash then s.data end as data
      from unnest($2::text[], $3::text[], $4::boolean[]) as n (section, hash, is_tracked)
      join inventory_section s on s.device_id = $1 and s.section = n.section`,
    values: [
      deviceId,
      sections.map(({ section }) => section),
      sections.map(({ hash }) => hash),
      sections.map(({ section }) => isTracked(section)),
    ],
  });
  return new Map(rows.map(row => [row.section, row]));
}

async function touchSections(client: pg.PoolClient, deviceId: string, same: readonly ParsedSection[]): Promise<void> {
  if (same.length === 0) return;
  await client.query('update inventory_section set reported_at = now() where device_id = $1 and section = any($2)', [
    deviceId,
    same.map(({ section }) => section),
  ]);
}

async function writeSections(client: pg.PoolClient, deviceId: string, fresh: readonly ParsedSection[]): Promise<void> {
  if (fresh.length === 0) return;
  await client.query({
    name: 'report-sections',
    text: `insert into inventory_section (device_id, section, hash, data, reported_at)
      select $1, n.section, n.hash, n.data, now() from unnest($2::text[], $3::text[], $4::json[]) as n (section, hash, data)
      on conflict (device_id, section) do update set hash = excluded.hash, data = excluded.data, reported_at = excluded.reported_at`,
    values: [
      deviceId,
      fresh.map(({ section }) => section),
      fresh.map(({ hash }) => hash),
      fresh.map(({ data }) => JSON.stringify(data)),
    ],
  });
}

async function writeChanges(client: pg.PoolClient, deviceId: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  // the first change gets the highest id: lists are newest first, and within a report in order
  const ids = changes.map(() => newId()).reverse();
  await client.query(
    `insert into inventory_change (id, device_id, section, at, kind, name, before, after, omitted)
      select n.id, $1, n.section, now(), n.kind, n.name, n.before, n.after, n.omitted
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
          as n (id, section, kind, name, before, after, omitted)`,
    [
      deviceId,
      ids,
      changes.map(({ section }) => section),
      changes.map(({ kind }) => kind),
      changes.map(({ name }) => name),
      changes.map(({ before }) => before),
      changes.map(({ after }) => after),
      changes.map(({ omitted }) => omitted),
    ],
  );
}

/** A first report changes nothing: there was nothing before it. */
function changesOf({ section, data }: ParsedSection, before: StoredSection | undefined): Change[] {
  return before?.data && isTracked(section) ? diffSection(section, before.data, data) : [];
}

function isAnother(device: ReportingDevice, { bootedAt, agentVersion }: ReportInventoryInput): boolean {
  const isReboot = bootedAt && Math.abs(bootedAt.getTime() - (device.bootedAt?.getTime() ?? 0)) > CLOCK_PLAY_MS;
  return Boolean(isReboot) || Boolean(agentVersion && agentVersion !== device.agentVersion) || !device.inventoryAt;
}
