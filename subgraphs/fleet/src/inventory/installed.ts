import { connectionOf } from '@muster/kit/connection-types';
import { BigIntScalar, DateTime } from '@muster/kit/scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';
import { CONTAINER_STATES, SERVICE_STATES } from './section-shapes.ts';

/** An installed package. */
@ObjectType({ description: 'An installed package.' })
export class Software {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  version!: string;

  @Field(() => String, { nullable: true })
  architecture!: string | null;

  @Field(() => String, { nullable: true })
  publisher!: string | null;

  @Field(() => BigIntScalar, { nullable: true })
  installedSizeBytes!: number | null;
}

/** Page of installed packages. */
export const SoftwareConnection = connectionOf('Software', () => Software);

/** An update that could be installed. */
@ObjectType({ description: 'An update that could be installed, as the package manager of the device knows it.' })
export class PendingUpdate {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Null for a package that the update would add.' })
  currentVersion!: string | null;

  @Field(() => String)
  newVersion!: string;

  @Field(() => Boolean, { nullable: true, description: 'Null where the package manager does not tell.' })
  isSecurity!: boolean | null;
}

/** States of a service. */
export const ServiceState = enumOf(SERVICE_STATES);
registerEnumType(ServiceState, {
  name: 'ServiceState',
  description: 'State of a service; EXITED has done its work and counts as well, FAILED has not.',
});

/** A service of the operating system. */
@ObjectType({ description: 'A service of the operating system: a systemd unit, a Windows service, a launchd job.' })
export class SystemService {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  displayName!: string | null;

  @Field(() => ServiceState)
  state!: keyof typeof ServiceState;

  @Field(() => Boolean, { nullable: true, description: 'Whether it starts with the machine.' })
  isEnabled!: boolean | null;

  @Field(() => String, { nullable: true })
  description!: string | null;
}

/** States of a container. */
export const ContainerState = enumOf(CONTAINER_STATES);
registerEnumType(ContainerState, { name: 'ContainerState', description: 'State of a container.' });

/** A container of the device’s container engine. */
@ObjectType({ description: 'A container of the device’s container engine.' })
export class Container {
  @Field(() => String)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String)
  image!: string;

  @Field(() => ContainerState)
  state!: keyof typeof ContainerState;

  @Field(() => String, { nullable: true, description: 'In the words of the engine: Up 3 days (healthy).' })
  status!: string | null;

  @Field(() => DateTime, { nullable: true })
  createdAt!: string | null;

  @Field(() => [String], { description: 'Published ports: 0.0.0.0:8080->80/tcp.' })
  ports!: string[];
}
