import { sql } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import type { Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { DeviceEntity } from './device.entity.ts';
import type { DeviceFilter } from './device.input.ts';
import { COLUMN_SOURCES, type ColumnKind, type DeviceColumns, type DeviceFieldName } from './device-columns.ts';
import { whereOf } from './device-conditions.ts';

/** Most devices of one snapshot. */
const MAX_DEVICES = 50_000;

type Cell = string | number | boolean | Date | readonly string[] | null | undefined;

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
  const columns = wished.map(field => columnNameOf(field));
  const rows = await database
    .fork()
    .createQueryBuilder(DeviceEntity, 'd')
    // the last change of any device, so that a change to one that the filter leaves out is not told again
    .select([
      sql`(select max(revision) from device)`.as('last_revision'),
      'id',
      ...new Set(wished.map(field => COLUMN_SOURCES[field].property)),
    ] as never)
    .where(whereOf(viewer, filter) as never)
    .orderBy({ hostname: 'asc', id: 'asc' })
    .limit(MAX_DEVICES + 1)
    .execute<Record<string, Cell>[]>('all', false);
  if (rows.length > MAX_DEVICES)
    throw new AppError('LIMIT_EXCEEDED', `More than ${MAX_DEVICES} devices match; narrow the filter.`);
  return {
    count: rows.length,
    sequence: Number(rows[0]?.last_revision ?? 0),
    ids: rows.map(row => String(row.id)),
    columns: Object.fromEntries(
      wished.map((field, index) => [
        field,
        toColumn(
          COLUMN_SOURCES[field].kind,
          rows.map(row => firstOf(field, row[columns[index] ?? ''])),
        ),
      ]),
    ),
  };
}

/** One column as it is written. */
export function toColumn(kind: ColumnKind, cells: readonly Cell[]): Record<string, unknown> {
  if (kind === 'plain') return { values: cells.map(cell => cell ?? null) };
  if (kind === 'time') return { values: cells.map(toSeconds) };
  const positions = new Map<string, number>();
  const positionOf = (text: string): number => {
    const known = positions.get(text);
    if (known !== undefined) return known;
    positions.set(text, positions.size);
    return positions.size - 1;
  };
  const values = cells.map(cell => {
    if (Array.isArray(cell)) return cell.map(positionOf);
    return typeof cell === 'string' && cell !== '' ? positionOf(cell) : null;
  });
  return { dictionary: [...positions.keys()], values };
}

/** Of several addresses a table shows the first. */
function firstOf(field: DeviceFieldName, cell: Cell): Cell {
  if (field === 'ADDRESS') return Array.isArray(cell) ? (cell[0] ?? null) : null;
  return field === 'MEMORY_BYTES' && typeof cell === 'string' ? Number(cell) : cell;
}

function toSeconds(cell: Cell): number | null {
  if (cell === null || cell === undefined) return null;
  return Math.floor(new Date(cell as string | Date).getTime() / 1000);
}

const columnNameOf = (field: DeviceFieldName): string =>
  COLUMN_SOURCES[field].property.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
