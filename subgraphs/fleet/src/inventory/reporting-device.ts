import type pg from 'pg';
import type { DeviceRow } from '../devices/device.entity.ts';
import { searchTextOf } from '../devices/search-text.ts';

/** What a report can change of a device, and what says whose it is. */
export type ReportingDevice = Pick<
  DeviceRow,
  | 'id'
  | 'status'
  | 'organizationId'
  | 'siteId'
  | 'displayName'
  | 'tags'
  | 'inventoryAt'
  | (typeof REPORTED)[number]['property']
>;

/** The columns that a report can change. */
const REPORTED = [
  { property: 'hostname', column: 'hostname' },
  { property: 'osFamily', column: 'os_family' },
  { property: 'osName', column: 'os_name' },
  { property: 'osVersion', column: 'os_version' },
  { property: 'architecture', column: 'architecture' },
  { property: 'needsReboot', column: 'needs_reboot' },
  { property: 'manufacturer', column: 'manufacturer' },
  { property: 'model', column: 'model' },
  { property: 'memoryBytes', column: 'memory_bytes' },
  { property: 'cpuThreads', column: 'cpu_threads' },
  { property: 'machineId', column: 'machine_id' },
  { property: 'serialNumber', column: 'serial_number' },
  { property: 'macAddresses', column: 'mac_addresses' },
  { property: 'addresses', column: 'addresses' },
  { property: 'bootedAt', column: 'booted_at' },
  { property: 'agentVersion', column: 'agent_version' },
] as const satisfies readonly { property: keyof DeviceRow; column: string }[];

const LOCK = `select id, status, organization_id as "organizationId", site_id as "siteId", display_name as "displayName", tags,
  inventory_at as "inventoryAt", ${REPORTED.map(({ property, column }) => `${column} as "${property}"`).join(', ')}
  from device where id = $1 for update`;

const WRITE = `update device set ${REPORTED.map(({ column }, index) => `${column} = $${index + 4}`).join(', ')}, search_text = $3,
  inventory_at = now(), last_seen_at = now(), revision = case when $2 then nextval('device_revision') else revision end
  where id = $1 returning revision`;

/** The device that reports, locked until the transaction ends; undefined where there is none. */
export async function lockDevice(client: pg.PoolClient, id: string): Promise<ReportingDevice | undefined> {
  const { rows } = await client.query<ReportingDevice>({ name: 'report-lock', text: LOCK, values: [id] });
  return rows[0];
}

/** Stores what the report says of the device, and answers the number of the change; the same one where nothing is new. */
export async function writeDevice(client: pg.PoolClient, device: ReportingDevice, isNew: boolean): Promise<number> {
  const facts = REPORTED.map(({ property }) => device[property] ?? null);
  const values = [device.id, isNew, searchTextOf(device), ...facts];
  const { rows } = await client.query<{ revision: string }>({ name: 'report-device', text: WRITE, values });
  return Number(rows[0]?.revision);
}
