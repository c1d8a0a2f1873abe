import type { Viewer } from '@muster/kit/auth/viewer';
import {
  type Connection,
  decodeCursor,
  encodeCursor,
  type PageArguments,
  pageSize,
  toConnection,
} from '@muster/kit/connection';
import type { Database } from '@muster/kit/database/database';
import { badInput } from '@muster/kit/errors';
import { isId } from '@muster/kit/ids';
import DataLoader from 'dataloader';
import type { Events } from '../events.ts';
import type { InventoryChange } from './inventory-change.ts';
import type { InventorySectionName } from './inventory-section.ts';
import { parseSections } from './parse-report.ts';
import type { ReportInventoryInput } from './report-inventory.ts';
import type { SectionData } from './section-shapes.ts';
import { storeReport } from './store-report.ts';

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

  /** Stores what the calling device reports, all sections or none, and what has changed since. */
  async report(viewer: Viewer, input: ReportInventoryInput): Promise<InventorySectionName[]> {
    const sections = parseSections(input.sections);
    const event = await storeReport(this.#database, viewer.id, { input, sections });
    if (event) this.#events.deviceChanged(event);
    return sections.map(({ section }) => section);
  }

  /** What has changed on the device, newest first. */
  async changes(deviceId: string, page: PageArguments): Promise<Connection<InventoryChange>> {
    const size = pageSize(page.first);
    const [before] = page.after ? decodeCursor(page.after, 1) : [null];
    if (page.after && !isId(String(before))) throw badInput('after', 'is not a cursor of this list');
    const { rows } = await this.#database.pool.query<InventoryChange>(
      `select id, at, section, kind, name, before, after, omitted as "omittedCount" from inventory_change
        where device_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
      [deviceId, before, size + 1],
    );
    const { rows: counted } = await this.#database.pool.query<{ n: number }>(
      'select count(*)::int as n from inventory_change where device_id = $1',
      [deviceId],
    );
    return toConnection(rows, size, {
      cursorOf: row => encodeCursor([row.id]),
      totalCount: counted[0]?.n ?? 0,
      isAfter: Boolean(page.after),
    });
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
