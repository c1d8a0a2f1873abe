import { createHash } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { RequestContext } from '@muster/kit/context';
import type { Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import DataLoader from 'dataloader';
import { DeviceEntity, type DeviceRow } from '../devices/device.entity.ts';
import { nextRevision, toEvent } from '../devices/devices.ts';
import type { Events } from '../events.ts';
import type { InventorySectionInput, ReportInventoryInput } from './inventory.ts';
import { INVENTORY_SECTIONS, InventorySectionEntity, type InventorySectionName } from './inventory-section.entity.ts';
import { searchTextOf } from './search-text.ts';
import { type SectionData, sectionShapes } from './section-shapes.ts';

type Key = { readonly deviceId: string; readonly section: InventorySectionName };

/** The rules of inventories: sections are believed only in their shape, stored whole, and read in batches. */
export class Inventories {
  readonly #database: Database;
  readonly #events: Events;
  readonly #loader: DataLoader<Key, unknown>;

  constructor(database: Database, events: Events) {
    this.#database = database;
    this.#events = events;
    // batches only: a cache would show a subscription yesterday's inventory
    this.#loader = new DataLoader(keys => this.#readMany(keys), { cache: false, maxBatchSize: 500 });
  }

  /** The section as last reported, or null before the first report. */
  async read<S extends InventorySectionName>(deviceId: string, section: S): Promise<SectionData<S> | null> {
    return (await this.#loader.load({ deviceId, section })) as SectionData<S> | null;
  }

  /** Stores what the calling device reports; all sections or none. */
  async report(context: RequestContext, input: ReportInventoryInput): Promise<InventorySectionName[]> {
    const sections = input.sections.map(parseSection);
    const device = await this.#database.fork().transactional(async em => {
      const row = await em.findOne(DeviceEntity, { id: context.viewer.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!row || row.status === 'REVOKED') throw new AppError('FORBIDDEN', 'This device is cut off.');
      const now = new Date();
      for (const { section, hash, data } of sections)
        await em.upsert(InventorySectionEntity, { deviceId: row.id, section, hash, data, reportedAt: now });
      Object.assign(row, factsOf(input, sections), {
        inventoryAt: now,
        lastSeenAt: now,
        revision: await nextRevision(em),
      });
      const stored = await em.find(InventorySectionEntity, {
        deviceId: row.id,
        section: { $in: ['OS', 'HARDWARE', 'NETWORK'] },
      });
      row.searchText = searchTextOf(row, new Map(stored.map(one => [one.section, one.data])));
      return row;
    });
    this.#events.deviceChanged(toEvent(device, 'INVENTORY'));
    return sections.map(({ section }) => section);
  }

  /** Asks a connected agent to report everything again. */
  refresh(device: DeviceRow): void {
    this.#events.signal(device.id, { kind: 'REFRESH_INVENTORY', commandId: null });
  }

  async #readMany(keys: readonly Key[]): Promise<unknown[]> {
    const deviceIds = [...new Set(keys.map(key => key.deviceId))];
    const sections = [...new Set(keys.map(key => key.section))];
    const { rows } = await this.#database.pool.query<{ device_id: string; section: string; data: unknown }>({
      name: 'inventory-sections',
      text: 'select device_id, section, data from inventory_section where device_id = any($1) and section = any($2)',
      values: [deviceIds, sections],
    });
    const found = new Map(rows.map(row => [`${row.device_id}|${row.section}`, row.data]));
    return keys.map(key => found.get(`${key.deviceId}|${key.section}`) ?? null);
  }
}

interface ParsedSection {
  readonly section: InventorySectionName;
  readonly hash: string;
  readonly data: unknown;
}

function parseSection(input: InventorySectionInput, index: number): ParsedSection {
  const path = `input.sections.${index}`;
  if (!INVENTORY_SECTIONS.includes(input.section)) throw badInput(`${path}.section`, 'is unknown');
  if (createHash('sha256').update(input.data).digest('hex') !== input.hash)
    throw badInput(`${path}.hash`, 'is not the sha256 of data');
  const parsed = sectionShapes[input.section].safeParse(parseJson(input.data, `${path}.data`));
  if (parsed.success) return { section: input.section, hash: input.hash, data: parsed.data };
  const [issue] = parsed.error.issues;
  throw badInput(`${path}.data.${issue?.path.join('.') ?? ''}`, issue?.message ?? 'has another shape');
}

function parseJson(text: string, path: string): unknown {
  try {
    // PostgreSQL keeps no NUL in JSON
    return JSON.parse(text.replaceAll('\\u0000', ''));
  } catch {
    throw badInput(path, 'is not JSON');
  }
}

function factsOf(input: ReportInventoryInput, sections: readonly ParsedSection[]): Partial<DeviceRow> {
  const os = sections.find(({ section }) => section === 'OS')?.data as SectionData<'OS'> | undefined;
  return {
    ...(os && { osFamily: os.family }),
    ...(os?.hostname && { hostname: os.hostname }),
    ...(input.bootedAt && { bootedAt: input.bootedAt }),
    ...(input.agentVersion && { agentVersion: input.agentVersion.slice(0, 64) }),
  };
}
