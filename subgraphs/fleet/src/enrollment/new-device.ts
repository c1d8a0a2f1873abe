import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '@muster/kit/ids';
import { DeviceEntity, type DeviceRow } from '../devices/device.entity.ts';
import { searchTextOf } from '../devices/search-text.ts';
import { deviceIdOf } from '../identity/device-key.ts';
import type { Fingerprint } from '../identity/fingerprint.ts';
import type { EnrollDeviceInput } from './enrollment.ts';
import type { EnrollmentTokenRow } from './enrollment-token.entity.ts';

/** A device's wish to join, once its proof is believed. */
export interface Application {
  readonly input: EnrollDeviceInput;
  readonly publicKey: Buffer;
  readonly fingerprint: Fingerprint;
}

const MAX_VERSION = 64;

/** What an application says of the device, in the columns that keep it. */
export function factsOf({ input: { facts }, publicKey, fingerprint }: Application) {
  return {
    publicKey,
    hostname: facts.hostname,
    osFamily: facts.osFamily,
    agentVersion: facts.agentVersion.replaceAll('\0', '').slice(0, MAX_VERSION),
    protocol: facts.protocol,
    machineId: fingerprint.machineId,
    serialNumber: fingerprint.serialNumber,
    macAddresses: [...fingerprint.macAddresses],
  };
}

/** The row of a device that the fleet does not know yet. */
export async function newDevice(
  em: EntityManager,
  application: Application,
  token: EnrollmentTokenRow,
): Promise<Omit<DeviceRow, 'revision'>> {
  const now = new Date();
  const device = {
    ...factsOf(application),
    id: await freeId(em, application.publicKey),
    organizationId: token.organizationId,
    siteId: token.siteId,
    displayName: null,
    ...UNKNOWN,
    status: token.needsApproval ? ('PENDING' as const) : ('OFFLINE' as const),
    enrolledAt: now,
    lastSeenAt: now,
    tags: [],
    customFields: {},
  };
  return { ...device, searchText: searchTextOf(device) };
}

const UNKNOWN = {
  osName: '',
  osVersion: null,
  architecture: null,
  needsReboot: null,
  manufacturer: null,
  model: null,
  addresses: [] as string[],
  memoryBytes: null,
  cpuThreads: null,
  connectedAt: null,
  bootedAt: null,
  inventoryAt: null,
  remoteAddress: null,
  clockSkewSeconds: null,
  notes: null,
};

/** The id of the key, unless a record that has changed hands bears it. */
async function freeId(em: EntityManager, publicKey: Buffer): Promise<string> {
  const id = deviceIdOf(publicKey);
  return (await em.count(DeviceEntity, { id })) > 0 ? newId() : id;
}
