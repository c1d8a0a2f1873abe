import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum.ts';

/** Families of operating systems. */
export const OsFamily = enumOf(['LINUX', 'WINDOWS', 'MACOS', 'OTHER'] as const);
registerEnumType(OsFamily, { name: 'OsFamily', description: 'Family of an operating system.' });

/** The operating system; what the device could not tell is null. */
@ObjectType({ description: 'The operating system; what the device could not tell is null.' })
export class OperatingSystem {
  @Field(() => OsFamily)
  family!: keyof typeof OsFamily;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true })
  version!: string | null;

  @Field(() => String, { nullable: true })
  kernel!: string | null;

  @Field(() => String, { nullable: true, description: 'As the kernel calls it: x86_64, aarch64.' })
  architecture!: string | null;

  @Field(() => String, { nullable: true, description: 'IANA name: Europe/Vienna.' })
  timeZone!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether installed updates wait for a reboot.' })
  needsReboot!: boolean | null;
}
