import { raw } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import type { Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { DeviceEntity } from './device.entity.ts';
import type { DeviceFilter } from './device.input.ts';
import { COLUMN_SOURCES, type ColumnKind, type DeviceColumns, type DeviceFieldName } from './device-columns.ts';
import { whereOf } from './device-conditions.ts';

/** Most devices of one snapshot. */
const MAX_DEVICES = 50_000;

/** What a cell is once PostgreSQL has made it simple. */
type Cell = string | number | boolean | null;

/** Which columns of which devices. */
export interface SnapshotWish {
  readonly fields: readonly DeviceFieldName[];
  readonly filter: DeviceFilter | null;
}

/** The wished columns of all devices in sight, read with one statement. */
export async function readDeviceColumns(
  database: Database,
  viewer: Viewer,
  { fields, filter }: SnapshotWish,
): Promise<DeviceColumns> {
  if (fields.length === 0) throw badInput('fields', 'names no field');
  const wished = [...new Set(fields)];
  const rows = await database
    .fork()
    .createQueryBuilder(DeviceEntity, 'd')
    // the last change of any device, so that a change to one that the filter leaves out is not told again
    .select(['id', raw('(select max(revision) from device) as last_revision'), ...wished.map(expressionOf)] as never)
    .where(whereOf(viewer, filter) as never)
    .orderBy({ hostname: 'asc', id: 'asc' })
    .limit(MAX_DEVICES + 1)
    .execute<Record<string, Cell>[]>('all', false);
  if (rows.length > MAX_DEVICES)
    throw new AppError('LIMIT_EXCEEDED', `More than ${MAX_DEVICES} devices match; narrow the filter.`);
  const columnOf = (field: DeviceFieldName) =>
    toColumn(
      COLUMN_SOURCES[field].kind,
      rows.map(row => row[aliasOf(field)] ?? null),
    );
  return {
    count: rows.length,
    sequence: Number(rows[0]?.last_revision ?? 0),
    ids: rows.map(row => String(row.id)),
    columns: Object.fromEntries(wished.map(field => [field, columnOf(field)])),
  };
}

/** One column as it is written. */
export function toColumn(kind: ColumnKind, cells: readonly Cell[]): Record<string, unknown> {
  if (kind !== 'dictionary' && kind !== 'list') return { values: cells };
  const words = new Dictionary();
  if (kind === 'dictionary')
    return { values: cells.map(cell => (cell ? words.positionOf(String(cell)) : null)), dictionary: words.list };
  // thousands of devices share a few combinations
  const combinations = new Map<Cell, number[]>();
  const values = cells.map(cell => {
    const known = combinations.get(cell);
    if (known) return known;
    const positions = cell
      ? String(cell)
          .split(SEPARATOR)
          .map(word => words.positionOf(word))
      : [];
    combinations.set(cell, positions);
    return positions;
  });
  return { values, dictionary: words.list };
}

class Dictionary {
  readonly #positions = new Map<string, number>();

  get list(): string[] {
    return [...this.#positions.keys()];
  }

  positionOf(word: string): number {
    const known = this.#positions.get(word);
    if (known !== undefined) return known;
    this.#positions.set(word, this.#positions.size);
    return this.#positions.size - 1;
  }
}

/** Stands in no tag. */
const SEPARATOR = ',';

/** Dates and arrays are taken apart where that is cheap: in the database. */
function expressionOf(field: DeviceFieldName) {
  const { property, kind } = COLUMN_SOURCES[field];
  const column = `d.${property.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)}`;
  const expressions = {
    plain: column,
    dictionary: column,
    number: `${column}::float8`,
    time: `floor(extract(epoch from ${column}))::float8`,
    first: `${column}[1]`,
    list: `array_to_string(${column}, '${SEPARATOR}')`,
  } as const satisfies Record<ColumnKind, string>;
  return raw(`${expressions[kind]} as ${aliasOf(field)}`);
}

/** Names that no property has. */
const aliasOf = (field: DeviceFieldName): string => `column_${field.toLowerCase()}`;
