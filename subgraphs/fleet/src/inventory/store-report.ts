import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { newId } from '@muster/kit/ids';
import { DeviceEntity, type DeviceRow } from '../devices/device.entity.ts';
import { nextRevision, toEvent } from '../devices/device-revision.ts';
import { searchTextOf } from '../devices/search-text.ts';
import type { DeviceChanged } from '../events.ts';
import { deviceFactsOf } from './device-facts.ts';
import { boundChanges, type Change, diffSection, isTracked } from './inventory-diff.ts';
import type { ParsedSection } from './parse-report.ts';
import type { ReportInventoryInput } from './report-inventory.ts';

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
  return database.fork().transactional(async em => {
    const device = await em.findOne(DeviceEntity, { id: deviceId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!device || device.status === 'REVOKED') throw new AppError('FORBIDDEN', 'This device is cut off.');
    const stored = await readStored(em, deviceId, sections);
    const fresh = sections.filter(({ section, hash }) => stored.get(section)?.hash !== hash);
    await writeSections(em, deviceId, { fresh, same: sections.filter(one => !fresh.includes(one)) });
    await writeChanges(em, deviceId, boundChanges(fresh.flatMap(one => changesOf(one, stored.get(one.section)))));
    const isNew = fresh.length > 0 || isAnother(device, input);
    const now = new Date();
    Object.assign(device, deviceFactsOf(input, sections), { inventoryAt: now, lastSeenAt: now });
    if (!isNew) return undefined;
    device.searchText = searchTextOf(device);
    device.revision = await nextRevision(em);
    return toEvent(device, 'INVENTORY');
  });
}

async function readStored(
  em: EntityManager,
  deviceId: string,
  sections: readonly ParsedSection[],
): Promise<ReadonlyMap<string, StoredSection>> {
  const wishes = sections.map(({ section, hash }) => ({ section, hash, tracked: isTracked(section) }));
  const rows = await em.execute<StoredSection[]>(
    `select s.section, s.hash, case when n.tracked and s.hash <> n.hash then s.data end as data
      from jsonb_to_recordset(?::jsonb) as n (section text, hash text, tracked boolean)
      join inventory_section s on s.device_id = ? and s.section = n.section`,
    [JSON.stringify(wishes), deviceId],
  );
  return new Map(rows.map(row => [row.section, row]));
}

async function writeSections(
  em: EntityManager,
  deviceId: string,
  sections: { fresh: readonly ParsedSection[]; same: readonly ParsedSection[] },
): Promise<void> {
  if (sections.same.length > 0)
    await em.execute(
      `update inventory_section set reported_at = now() where device_id = ?
        and section in (select jsonb_array_elements_text(?::jsonb))`,
      [deviceId, JSON.stringify(sections.same.map(({ section }) => section))],
    );
  if (sections.fresh.length === 0) return;
  await em.execute(
    `insert into inventory_section (device_id, section, hash, data, reported_at)
      select ?::uuid, n.section, n.hash, n.data, now() from jsonb_to_recordset(?::jsonb) as n (section text, hash text, data jsonb)
      on conflict (device_id, section) do update set hash = excluded.hash, data = excluded.data, reported_at = excluded.reported_at`,
    [deviceId, JSON.stringify(sections.fresh)],
  );
}

async function writeChanges(em: EntityManager, deviceId: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  // the first change gets the highest id: lists are newest first, and within a report in order
  const ids = changes.map(() => newId()).reverse();
  const rows = changes.map((change, index) => ({ id: ids[index], ...change }));
  await em.execute(
    `insert into inventory_change (id, device_id, section, at, kind, name, before, after, omitted)
      select n.id, ?::uuid, n.section, now(), n.kind, n.name, n.before, n.after, n.omitted from jsonb_to_recordset(?::jsonb)
        as n (id uuid, section text, kind text, name text, before text, after text, omitted int)`,
    [deviceId, JSON.stringify(rows)],
  );
}

/** A first report changes nothing: there was nothing before it. */
function changesOf({ section, data }: ParsedSection, before: StoredSection | undefined): Change[] {
  return before?.data && isTracked(section) ? diffSection(section, before.data, data) : [];
}

function isAnother(device: DeviceRow, { bootedAt, agentVersion }: ReportInventoryInput): boolean {
  const isReboot = bootedAt && Math.abs(bootedAt.getTime() - (device.bootedAt?.getTime() ?? 0)) > CLOCK_PLAY_MS;
  return Boolean(isReboot) || Boolean(agentVersion && agentVersion !== device.agentVersion) || !device.inventoryAt;
}
