import { Requires } from '@muster/kit/auth/access';
import { type Connection, decodeCursor, encodeCursor, pageSize, toConnection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, InputType, Mutation, Resolver, Root } from 'type-graphql';
import type { DeviceRow } from '../devices/device.entity.ts';
import { PageArguments } from '../devices/device.input.ts';
import { Device } from '../devices/device.ts';
import { RefreshInventoryPayload } from '../devices/device-change.ts';
import type { Devices } from '../devices/devices.ts';
import { AGENT_PERMISSION } from '../identity/device-credential.ts';
import type { Inventories } from './inventories.ts';
import {
  Disk,
  FileSystem,
  Hardware,
  LoggedInUser,
  NetworkInterface,
  OperatingSystem,
  ReportInventoryInput,
  ReportInventoryPayload,
  type Software,
  SoftwareConnection,
} from './inventory.ts';
import type { InventorySectionName } from './inventory-section.entity.ts';
import type { SectionData } from './section-shapes.ts';

/** Which device to ask. */
@InputType({ description: 'Which device to ask.' })
export class RefreshInventoryInput {
  @Field(() => ID)
  deviceId!: string;
}

/** Which page of which packages. */
@ArgsType()
export class SoftwareArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'Part of the package’s name.' })
  search?: string | null;
}

const UNKNOWN_HARDWARE: SectionData<'HARDWARE'> = {
  manufacturer: null,
  model: null,
  serialNumber: null,
  isVirtual: null,
  cpu: { model: null, cores: null, threads: null, speedMhz: null },
  memoryBytes: null,
};

/** The door to inventories. */
@Resolver(() => Device)
export class InventoryResolver {
  readonly #inventories: Inventories;
  readonly #devices: Devices;

  constructor(inventories: Inventories, devices: Devices) {
    this.#inventories = inventories;
    this.#devices = devices;
  }

  @Requires(AGENT_PERMISSION)
  @Mutation(() => ReportInventoryPayload, { description: 'Stores what the calling device found of itself.' })
  async reportInventory(
    @Ctx() context: RequestContext,
    @Arg('input', () => ReportInventoryInput) input: ReportInventoryInput,
  ): Promise<ReportInventoryPayload> {
    return { acceptedSections: await this.#inventories.report(context, input) };
  }

  @Requires('device:read')
  @Mutation(() => RefreshInventoryPayload, { description: 'Asks a connected device to report its inventory again.' })
  async refreshInventory(
    @Ctx() context: RequestContext,
    @Arg('input', () => RefreshInventoryInput) input: RefreshInventoryInput,
  ): Promise<RefreshInventoryPayload> {
    const device = await this.#devices.require(context.viewer, input.deviceId);
    this.#inventories.refresh(device);
    return { device };
  }

  @FieldResolver(() => OperatingSystem)
  async os(@Root() device: DeviceRow): Promise<OperatingSystem> {
    const os = await this.#inventories.read(device.id, 'OS');
    const family = device.osFamily as OperatingSystem['family'];
    return os ?? { family, name: null, version: null, kernel: null, architecture: null, needsReboot: null };
  }

  @FieldResolver(() => Hardware)
  async hardware(@Root() device: DeviceRow): Promise<Hardware> {
    return (await this.#inventories.read(device.id, 'HARDWARE')) ?? UNKNOWN_HARDWARE;
  }

  @FieldResolver(() => [FileSystem])
  fileSystems(@Root() device: DeviceRow): Promise<FileSystem[]> {
    return this.#list(device, 'FILE_SYSTEMS');
  }

  @FieldResolver(() => [Disk])
  disks(@Root() device: DeviceRow): Promise<Disk[]> {
    return this.#list(device, 'DISKS');
  }

  @FieldResolver(() => [NetworkInterface])
  networkInterfaces(@Root() device: DeviceRow): Promise<NetworkInterface[]> {
    return this.#list(device, 'NETWORK');
  }

  @FieldResolver(() => [LoggedInUser])
  loggedInUsers(@Root() device: DeviceRow): Promise<LoggedInUser[]> {
    return this.#list(device, 'USERS');
  }

  @FieldResolver(() => SoftwareConnection, { description: 'Installed packages by name.' })
  async software(
    @Root() device: DeviceRow,
    @Args(() => SoftwareArguments) { first, after, search }: SoftwareArguments,
  ): Promise<Connection<Software>> {
    const wanted = search?.toLowerCase() ?? '';
    const all = (await this.#list(device, 'SOFTWARE')).filter(one => one.name.toLowerCase().includes(wanted));
    const start = after ? Number(decodeCursor(after, 1)[0]) : 0;
    const size = pageSize(first);
    const rows = all.slice(start, start + size + 1).map((node, index) => ({ node, position: start + index + 1 }));
    const page = toConnection(rows, size, {
      cursorOf: row => encodeCursor([row.position]),
      totalCount: all.length,
      isAfter: start > 0,
    });
    return {
      ...page,
      edges: page.edges.map(({ cursor, node }) => ({ cursor, node: node.node })),
      nodes: page.nodes.map(({ node }) => node),
    };
  }

  async #list<S extends Exclude<InventorySectionName, 'OS' | 'HARDWARE'>>(
    device: DeviceRow,
    section: S,
  ): Promise<SectionData<S>> {
    return (await this.#inventories.read(device.id, section)) ?? ([] as unknown as SectionData<S>);
  }
}
