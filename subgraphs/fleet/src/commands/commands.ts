import { LockMode } from '@mikro-orm/core';
import { maySeeOrganization, type Viewer } from '@muster/kit/auth/viewer';
import {
  type Connection,
  decodeCursor,
  encodeCursor,
  type PageArguments,
  pageSize,
  toConnection,
} from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { audit, type Database } from '@muster/kit/database/database';
import { AppError, badInput } from '@muster/kit/errors';
import { isId, newId } from '@muster/kit/ids';
import type { SecretBox } from '@muster/kit/secret-box';
import DataLoader from 'dataloader';
import type { DeviceRow } from '../devices/device.entity.ts';
import { scopeOf } from '../devices/device-conditions.ts';
import type { Devices } from '../devices/devices.ts';
import type { CommandChanged, Events } from '../events.ts';
import type { Scripts } from '../scripts/scripts.ts';
import { CommandEntity, type CommandRow, isFinal } from './command.entity.ts';
import type { CommandFilter, RunCommandInput } from './command.input.ts';
import { hashOrders, type Orders, parseOrders } from './command-request.ts';
import type { CommandWish } from './command-stream.ts';

/** What the rules of commands stand on. */
export interface CommandParts {
  readonly database: Database;
  readonly events: Events;
  readonly devices: Devices;
  readonly box: SecretBox;
  readonly scripts: Scripts;
}

/** Checked orders for one device. */
interface CommandRequest extends Orders {
  readonly hash: Buffer;
}

const MAX_READ_AGAIN = 1_000;

/** The rules of commands towards people: a wish is stored with its audit row first, and only then told to the device. */
export class Commands {
  readonly #parts: CommandParts;
  readonly #loader: DataLoader<string, CommandRow | null>;

  constructor(parts: CommandParts) {
    this.#parts = parts;
    // batches only: a cache would show a subscription yesterday's state
    this.#loader = new DataLoader(ids => this.#readMany(ids), { cache: false, maxBatchSize: 1_000 });
  }

  /** The command, or null where it does not exist or is out of the viewer's sight; look-ups of one turn share a statement. */
  async find(viewer: Viewer, id: string): Promise<CommandRow | null> {
    if (!isId(id)) return null;
    const command = await this.#loader.load(id.toLowerCase());
    return command && maySeeOrganization(viewer, command.organizationId) ? command : null;
  }

  /** The command, or NOT_FOUND. */
  async require(viewer: Viewer, id: string): Promise<CommandRow> {
    const command = await this.find(viewer, id);
    if (!command) throw new AppError('NOT_FOUND', 'There is no such command.');
    return command;
  }

  /** Commands that the viewer may see, newest first. */
  async page(viewer: Viewer, page: PageArguments, filter?: CommandFilter | null): Promise<Connection<CommandRow>> {
    const size = pageSize(page.first);
    const em = this.#parts.database.fork();
    const where = {
      ...scopeOf(viewer),
      ...(filter?.deviceId && { deviceId: isId(filter.deviceId) ? filter.deviceId : newId() }),
      ...(filter?.jobId && { jobId: isId(filter.jobId) ? filter.jobId : newId() }),
      ...(filter?.statuses && { status: { $in: filter.statuses } }),
    };
    const before = page.after ? { id: { $lt: requireCursor(page.after) } } : {};
    const rows = await em.find(CommandEntity, { $and: [where, before] }, { orderBy: { id: 'desc' }, limit: size + 1 });
    const totalCount = await em.count(CommandEntity, where);
    return toConnection(rows, size, {
      cursorOf: row => encodeCursor([row.id]),
      totalCount,
      isAfter: Boolean(page.after),
    });
  }

  /** Commands in sight whose state may have changed since, oldest first. */
  changedSince(viewer: Viewer, wish: CommandWish, since: Date): Promise<CommandRow[]> {
    const { commandId, deviceId, jobId } = wish;
    const where = {
      ...scopeOf(viewer),
      ...(commandId && { id: commandId }),
      ...(deviceId && { deviceId }),
      ...(jobId && { jobId }),
      $or: [
        { queuedAt: { $gt: since } },
        { startedAt: { $gt: since } },
        { finishedAt: { $gt: since } },
        { status: { $in: ['LEASED', 'RUNNING'] as const } },
      ],
    };
    const ids = [commandId, deviceId, jobId].filter(id => typeof id === 'string');
    if (!ids.every(isId)) return Promise.resolve([]);
    return this.#parts.database.fork().find(CommandEntity, where, { orderBy: { id: 'asc' }, limit: MAX_READ_AGAIN });
  }

  /** Stores the wish and wakes the device; the same key from the same caller answers the command it made. */
  async run(context: RequestContext, input: RunCommandInput): Promise<CommandRow> {
    const orders = parseOrders(input, await this.#parts.scripts.textFor(context, input));
    const request = { ...orders, hash: hashOrders(input.deviceId, orders) };
    const device = await this.#parts.devices.require(context.viewer, input.deviceId);
    const earlier = await this.#earlier(context, request);
    if (earlier) return earlier;
    if (device.status === 'REVOKED')
      throw new AppError('PRECONDITION_FAILED', 'This device is cut off; it takes no commands.');
    if (device.status === 'PENDING')
      throw new AppError('PRECONDITION_FAILED', 'This device waits for approval; approve it first.');
    const command = await this.#store(context, request, device);
    if (!command) return (await this.#earlier(context, request)) ?? this.#lostRace();
    this.#tell(command);
    this.#parts.events.signal(device.id, { kind: 'COMMANDS_WAITING', commandId: null });
    return command;
  }

  /** Ends a command that waits at once, and asks the device to end one that it holds; an ended one stays as it is. */
  async cancel(context: RequestContext, id: string): Promise<CommandRow> {
    await this.require(context.viewer, id);
    const command = await this.#parts.database.fork().transactional(async em => {
      const row = await em.findOneOrFail(CommandEntity, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (isFinal(row.status)) return row;
      const now = new Date();
      row.cancelRequestedAt ??= now;
      if (row.status === 'QUEUED')
        Object.assign(row, { status: 'CANCELLED', finishedAt: now, reason: 'cancelled before it was started' });
      await em.flush();
      await audit(em, context, {
        action: 'command.cancelled',
        organizationId: row.organizationId,
        target: { type: 'Command', id },
      });
      return row;
    });
    this.#tell(command);
    if (!isFinal(command.status)) this.#parts.events.signal(command.deviceId, { kind: 'CANCEL', commandId: id });
    return command;
  }

  async #earlier({ viewer }: RequestContext, { requestKey, hash }: CommandRequest): Promise<CommandRow | null> {
    const command = await this.#parts.database
      .fork()
      .findOne(CommandEntity, { requesterKind: viewer.kind, requesterId: viewer.id, requestKey });
    if (command?.requestHash && !hash.equals(command.requestHash))
      throw new AppError('CONFLICT', 'This requestKey already stands for another command.');
    return command;
  }

  /** The stored command, or null where another call with the same key was faster. */
  #store(context: RequestContext, request: CommandRequest, device: DeviceRow): Promise<CommandRow | null> {
    const { viewer } = context;
    const { spec, requestKey, hash, environment, expiresInSeconds } = request;
    const id = newId();
    return this.#parts.database.fork().transactional(async em => {
      const made = await em.execute<{ id: string }[]>(
        `insert into command (id, organization_id, device_id, requester_kind, requester_id, requester_name, request_key, request_hash, spec, environment, timeout_seconds, expires_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, now() + make_interval(secs => ?)) on conflict (requester_kind, requester_id, request_key) do nothing returning id`,
        [
          id,
          device.organizationId,
          device.id,
          viewer.kind,
          viewer.id,
          viewer.name,
          requestKey,
          hash,
          JSON.stringify(spec),
          this.#parts.box.seal(JSON.stringify(environment)),
          spec.timeoutSeconds,
          expiresInSeconds,
        ],
      );
      if (made.length === 0) return null;
      const target = { type: 'Command', id };
      await audit(em, context, {
        action: 'command.requested',
        organizationId: device.organizationId,
        target,
        details: {
          deviceId: device.id,
          shell: spec.shell,
          requestHash: hash.toString('hex'),
          ...(spec.scriptId && { scriptId: spec.scriptId, scriptVersion: spec.scriptVersion }),
        },
      });
      return em.findOneOrFail(CommandEntity, { id });
    });
  }

  #tell({ id, deviceId, organizationId, jobId = null }: CommandRow): void {
    const event: CommandChanged = { commandId: id, deviceId, organizationId, jobId };
    this.#parts.events.commandChanged(event);
  }

  #lostRace(): never {
    throw new AppError('CONFLICT', 'Another call with this requestKey is being stored; try again.');
  }

  async #readMany(ids: readonly string[]): Promise<(CommandRow | null)[]> {
    const rows = await this.#parts.database.fork().find(CommandEntity, { id: { $in: [...new Set(ids)] } });
    const byId = new Map(rows.map(row => [row.id, row]));
    return ids.map(id => byId.get(id) ?? null);
  }
}

function requireCursor(after: string): string {
  const id = String(decodeCursor(after, 1)[0]);
  if (!isId(id)) throw badInput('after', 'is not a cursor of this list');
  return id;
}
