import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import type { Events } from '../events.ts';
import { organizationOfSite } from '../sites.ts';
import { DeviceEntity, type DeviceRow } from './device.entity.ts';
import type { DeviceChangeKindName } from './device-change.ts';
import type {
  MoveDeviceInput,
  RenameDeviceInput,
  SetDeviceNotesInput,
  SetDeviceTagsInput,
} from './device-edit.input.ts';
import { parseDisplayName, parseNotes, parseTags } from './device-labels.ts';
import { nextRevision, toEvent } from './device-revision.ts';
import type { Devices } from './devices.ts';
import { searchTextOf } from './search-text.ts';

/** One change that a person makes: what it does to the row, and what the audit row says. */
export interface DeviceEdit {
  readonly action: string;
  readonly kind?: DeviceChangeKindName;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Changes the row, or throws with nothing changed. */
  readonly set: (row: DeviceRow) => void;
  /** Anything else that belongs to the same transaction. */
  readonly also?: (em: EntityManager, row: DeviceRow) => Promise<void>;
}

/** What people may change about devices: row, audit row and revision in one transaction, told after its commit. */
export class DeviceEdits {
  readonly #database: Database;
  readonly #events: Events;
  readonly #devices: Devices;

  constructor(parts: { database: Database; events: Events; devices: Devices }) {
    this.#database = parts.database;
    this.#events = parts.events;
    this.#devices = parts.devices;
  }

  /** Cuts the device off for good: its key is refused from now on and its agent is told. */
  async revoke(context: RequestContext, id: string): Promise<DeviceRow> {
    const device = await this.change(context, id, { action: 'device.revoked', kind: 'REVOKED', set: cutOff });
    this.#events.signal(device.id, { kind: 'REVOKED', commandId: null });
    return device;
  }

  /** Lets in a device that waits for approval. */
  approve(context: RequestContext, id: string): Promise<DeviceRow> {
    return this.change(context, id, {
      action: 'device.approved',
      set: row => {
        requirePending(row);
        row.status = row.connectedAt ? 'ONLINE' : 'OFFLINE';
      },
    });
  }

  /** Refuses a device that waits for approval: its key is cut off. */
  async reject(context: RequestContext, id: string): Promise<DeviceRow> {
    const device = await this.change(context, id, {
      action: 'device.rejected',
      kind: 'REVOKED',
      set: row => {
        requirePending(row);
        cutOff(row);
      },
    });
    this.#events.signal(device.id, { kind: 'REVOKED', commandId: null });
    return device;
  }

  /** Takes the device to another site; into another organization its commands of the past do not follow. */
  async move(context: RequestContext, { deviceId, siteId }: MoveDeviceInput): Promise<DeviceRow> {
    const { organizationId: from } = await this.#devices.require(context.viewer, deviceId);
    const to = await organizationOfSite(this.#database, context.viewer, siteId);
    return this.change(context, deviceId, {
      action: 'device.moved',
      details: { siteId, ...(from !== to && { fromOrganizationId: from, toOrganizationId: to }) },
      set: row => Object.assign(row, { siteId, organizationId: to }),
      // the organization that loses the device finds it in its own trail
      also: async (em, row) => {
        const target = { type: 'Device', id: row.id };
        const left = { action: 'device.movedAway', organizationId: from, target, details: { toOrganizationId: to } };
        if (from !== to) await audit(em, context, left);
      },
    });
  }

  rename(context: RequestContext, input: RenameDeviceInput): Promise<DeviceRow> {
    const displayName = parseDisplayName(input.displayName);
    return this.change(context, input.deviceId, {
      action: 'device.renamed',
      details: { displayName },
      set: row => Object.assign(row, { displayName }),
    });
  }

  setTags(context: RequestContext, input: SetDeviceTagsInput): Promise<DeviceRow> {
    const tags = parseTags(input.tags);
    return this.change(context, input.deviceId, {
      action: 'device.tagged',
      details: { tags },
      set: row => Object.assign(row, { tags }),
    });
  }

  setNotes(context: RequestContext, input: SetDeviceNotesInput): Promise<DeviceRow> {
    const notes = parseNotes(input.notes);
    return this.change(context, input.deviceId, {
      action: 'device.noted',
      set: row => Object.assign(row, { notes }),
    });
  }

  /** Asks a connected agent to report everything again. */
  async refreshInventory(context: RequestContext, id: string): Promise<DeviceRow> {
    const device = await this.#devices.require(context.viewer, id);
    await this.#database.fork().transactional(em => audit(em, context, eventOf('device.inventoryRequested', device)));
    this.#events.signal(device.id, { kind: 'REFRESH_INVENTORY', commandId: null });
    return device;
  }

  /** Applies an edit to a device that the caller may see, or NOT_FOUND. */
  async change(context: RequestContext, id: string, edit: DeviceEdit): Promise<DeviceRow> {
    await this.#devices.require(context.viewer, id);
    const device = await this.#database.fork().transactional(async em => {
      const row = await em.findOneOrFail(DeviceEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      edit.set(row);
      row.searchText = searchTextOf(row);
      row.revision = await nextRevision(em);
      await em.flush();
      await audit(em, context, { ...eventOf(edit.action, row), details: edit.details ?? {} });
      await edit.also?.(em, row);
      return row;
    });
    this.#events.deviceChanged(toEvent(device, edit.kind ?? 'UPDATED'));
    return device;
  }
}

const eventOf = (action: string, { organizationId, id }: DeviceRow) => ({
  action,
  organizationId,
  target: { type: 'Device', id },
});

function cutOff(row: DeviceRow): void {
  Object.assign(row, { status: 'REVOKED', connectedAt: null });
}

function requirePending(row: DeviceRow): void {
  if (row.status !== 'PENDING')
    throw new AppError('PRECONDITION_FAILED', 'Only a device that waits for approval can be approved or rejected.');
}
