import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { DeviceRow } from '../devices/device.entity.ts';
import { PageArguments } from '../devices/device.input.ts';
import { Device } from '../devices/device.ts';
import { AGENT_PERMISSION } from '../identity/device-credential.ts';
import { Disk, FileSystem, Hardware, NetworkInterface } from './hardware.ts';
import { Container, PendingUpdate, type Software, SoftwareConnection, SystemService } from './installed.ts';
import type { Inventories } from './inventories.ts';
import { type InventoryChange, InventoryChangeConnection } from './inventory-change.ts';
import type { InventorySectionName } from './inventory-section.ts';
import { OperatingSystem } from './operating-system.ts';
import { pageOfList } from './page-of-list.ts';
import { ReportInventoryInput, ReportInventoryPayload } from './report-inventory.ts';
import { LoggedInUser, ProcessSnapshot } from './running.ts';
import type { SectionData } from './section-shapes.ts';

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
  memoryModules: [],
};

const UNKNOWN_SYSTEM = {
  name: null,
  version: null,
  kernel: null,
  architecture: null,
  timeZone: null,
  needsReboot: null,
};

/** The door to inventories. */
@Resolver(() => Device)
export class InventoryResolver {
  readonly #inventories: Inventories;

  constructor(inventories: Inventories) {
    this.#inventories = inventories;
  }

  @Requires(AGENT_PERMISSION)
  @Mutation(() => ReportInventoryPayload, { description: 'Stores what the calling device found of itself.' })
  async reportInventory(
    @Ctx() { viewer }: RequestContext,
    @Arg('input', () => ReportInventoryInput) input: ReportInventoryInput,
  ): Promise<ReportInventoryPayload> {
    return { acceptedSections: await this.#inventories.report(viewer, input) };
  }

  @FieldResolver(() => OperatingSystem)
  async os(@Root() device: DeviceRow): Promise<OperatingSystem> {
    const os = await this.#inventories.read(device.id, 'OS');
    return { ...UNKNOWN_SYSTEM, family: device.osFamily as OperatingSystem['family'], ...os };
  }

  @FieldResolver(() => Hardware)
  async hardware(@Root() device: DeviceRow): Promise<Hardware> {
    return { ...UNKNOWN_HARDWARE, ...(await this.#inventories.read(device.id, 'HARDWARE')) };
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

  @FieldResolver(() => [PendingUpdate], { description: 'Updates that the device could install, as it last knew.' })
  pendingUpdates(@Root() device: DeviceRow): Promise<PendingUpdate[]> {
    return this.#list(device, 'UPDATES');
  }

  @FieldResolver(() => [Container])
  containers(@Root() device: DeviceRow): Promise<Container[]> {
    return this.#list(device, 'CONTAINERS');
  }

  @FieldResolver(() => [SystemService], { description: 'Services of the operating system.' })
  async services(
    @Root() device: DeviceRow,
    @Arg('search', () => String, { nullable: true, description: 'Part of a name or description.' }) search?: string,
  ): Promise<SystemService[]> {
    const services = await this.#list(device, 'SERVICES');
    const wanted = search?.toLowerCase() ?? '';
    return services.filter(({ name, displayName, description }) =>
      `${name}\n${displayName ?? ''}\n${description ?? ''}`.toLowerCase().includes(wanted),
    );
  }

  @FieldResolver(() => ProcessSnapshot, { nullable: true, description: 'Null before the first report.' })
  processes(@Root() device: DeviceRow): Promise<ProcessSnapshot | null> {
    return this.#inventories.read(device.id, 'PROCESSES');
  }

  @FieldResolver(() => SoftwareConnection, { description: 'Installed packages by name.' })
  async software(
    @Root() device: DeviceRow,
    @Args(() => SoftwareArguments) { first, after, search }: SoftwareArguments,
  ): Promise<Connection<Software>> {
    const wanted = search?.toLowerCase() ?? '';
    const all = await this.#list(device, 'SOFTWARE');
    return pageOfList(
      all.filter(one => one.name.toLowerCase().includes(wanted)),
      { first, after },
    );
  }

  @FieldResolver(() => InventoryChangeConnection, { description: 'What has changed on the device, newest first.' })
  inventoryChanges(
    @Root() device: DeviceRow,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<InventoryChange>> {
    return this.#inventories.changes(device.id, page);
  }

  async #list<S extends Exclude<InventorySectionName, 'OS' | 'HARDWARE' | 'PROCESSES'>>(
    device: DeviceRow,
    section: S,
  ): Promise<SectionData<S>> {
    return (await this.#inventories.read(device.id, section)) ?? ([] as unknown as SectionData<S>);
  }
}
