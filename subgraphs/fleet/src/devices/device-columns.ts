import { Requires } from '@muster/kit/auth/access';
import { BigIntScalar, Json } from '@muster/kit/scalars';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import type { DeviceRow } from './device.entity.ts';

/** How the values of a column are written: as they are, or as numbers into a dictionary where they repeat. */
export type ColumnKind = 'plain' | 'number' | 'time' | 'dictionary' | 'first' | 'list';

interface ColumnSource {
  readonly property: keyof DeviceRow;
  readonly kind: ColumnKind;
}

/** Where each field of a snapshot comes from. */
export const COLUMN_SOURCES = {
  HOSTNAME: { property: 'hostname', kind: 'plain' },
  DISPLAY_NAME: { property: 'displayName', kind: 'plain' },
  STATUS: { property: 'status', kind: 'dictionary' },
  ORGANIZATION_ID: { property: 'organizationId', kind: 'dictionary' },
  SITE_ID: { property: 'siteId', kind: 'dictionary' },
  OS_FAMILY: { property: 'osFamily', kind: 'dictionary' },
  OS_NAME: { property: 'osName', kind: 'dictionary' },
  OS_VERSION: { property: 'osVersion', kind: 'dictionary' },
  ARCHITECTURE: { property: 'architecture', kind: 'dictionary' },
  NEEDS_REBOOT: { property: 'needsReboot', kind: 'plain' },
  AGENT_VERSION: { property: 'agentVersion', kind: 'dictionary' },
  MANUFACTURER: { property: 'manufacturer', kind: 'dictionary' },
  MODEL: { property: 'model', kind: 'dictionary' },
  SERIAL_NUMBER: { property: 'serialNumber', kind: 'plain' },
  MEMORY_BYTES: { property: 'memoryBytes', kind: 'number' },
  CPU_THREADS: { property: 'cpuThreads', kind: 'plain' },
  ADDRESS: { property: 'addresses', kind: 'first' },
  TAGS: { property: 'tags', kind: 'list' },
  LAST_SEEN_AT: { property: 'lastSeenAt', kind: 'time' },
  ENROLLED_AT: { property: 'enrolledAt', kind: 'time' },
  CONNECTED_AT: { property: 'connectedAt', kind: 'time' },
  BOOTED_AT: { property: 'bootedAt', kind: 'time' },
  INVENTORY_AT: { property: 'inventoryAt', kind: 'time' },
} as const satisfies Record<string, ColumnSource>;

export type DeviceFieldName = keyof typeof COLUMN_SOURCES;
/** What a snapshot can hold of each device. */
export const DeviceField = enumOf(Object.keys(COLUMN_SOURCES) as DeviceFieldName[]);
registerEnumType(DeviceField, { name: 'DeviceField', description: 'What a snapshot can hold of each device.' });

const SHAPE = `An object with one entry for each wished field, by its name. Position i of a column belongs to position i of \`ids\`.
Plain columns are \`{values: [...]}\` with texts, numbers, booleans or null; times are whole seconds since 1970.
Columns whose values repeat (STATUS, ORGANIZATION_ID, SITE_ID, OS_FAMILY, OS_NAME, OS_VERSION, ARCHITECTURE, AGENT_VERSION, MANUFACTURER, MODEL) are
\`{dictionary: [...], values: [...]}\`: each value is a position in the dictionary, or null. TAGS is the same with a list of positions for each device.`;

/** Many devices, column by column. */
@Requires('device:read')
@ObjectType({
  description:
    'All devices of a filter at one moment, column by column, for tables of thousands: a tenth of the size of a list of objects.',
})
export class DeviceColumns {
  @Field(() => Int)
  count!: number;

  @Field(() => BigIntScalar, {
    description: 'Last change that the snapshot holds: subscribe to `deviceChanged(after: sequence)` to miss none.',
  })
  sequence!: number;

  @Field(() => [ID], { description: 'In order of hostname, ties by id.' })
  ids!: readonly string[];

  @Field(() => Json, { description: SHAPE })
  columns!: Readonly<Record<string, unknown>>;
}
