import { Requires } from '@muster/kit/auth/access';
import { DateTime } from '@muster/kit/scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { DeviceStatusName } from '../devices/device.entity.ts';
import { DeviceStatus } from '../devices/device.ts';
import { OsFamily } from '../inventory/operating-system.ts';
import type { EnrollmentTokenRow } from './enrollment-token.entity.ts';

/** A token that lets devices enrol; the secret itself is shown once, in the payload that made it. */
@Requires('device:enroll')
@ObjectType({ description: 'A token that lets devices enrol into a site.' })
export class EnrollmentToken {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  siteId!: string;

  @Field(() => Boolean, { description: 'Whether each device waits until somebody lets it in.' })
  needsApproval!: boolean;

  @Field(() => Boolean, { description: 'Whether a machine that was installed anew gets its record back.' })
  allowsReEnrollment!: boolean;

  @Field(() => Int)
  maxUses!: number;

  @Field(() => Int)
  uses!: number;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime)
  expiresAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When somebody withdrew it.' })
  revokedAt!: Date | null;
}

/** What a new token allows. */
@InputType({ description: 'What a new token allows.' })
export class CreateEnrollmentTokenInput {
  @Field(() => ID)
  siteId!: string;

  @Field(() => Int, { nullable: true, defaultValue: 86_400, description: '60 s to 90 days.' })
  expiresInSeconds?: number | null;

  @Field(() => Int, { nullable: true, defaultValue: 1, description: '1 to 100,000 devices.' })
  maxUses?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether each device waits until somebody lets it in.',
  })
  needsApproval?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Whether a machine of the same organization that was installed anew gets its record back, as long as that record’s agent is offline.',
  })
  allowsReEnrollment?: boolean | null;
}

/** Which token to withdraw. */
@InputType({ description: 'Which token to withdraw.' })
export class RevokeEnrollmentTokenInput {
  @Field(() => ID)
  enrollmentTokenId!: string;
}

/** The token after it was withdrawn. */
@ObjectType({ description: 'The token after it was withdrawn; devices that it let in stay.' })
export class RevokeEnrollmentTokenPayload {
  @Field(() => EnrollmentToken)
  enrollmentToken!: EnrollmentTokenRow;
}

/** The new token with its secret. */
@ObjectType({ description: 'The new token with its secret.' })
export class CreateEnrollmentTokenPayload {
  @Field(() => EnrollmentToken)
  enrollmentToken!: EnrollmentTokenRow;

  @Field(() => String, { description: 'The secret; it is shown this once.' })
  token!: string;

  @Field(() => String, { description: 'One line that enrols the machine it is run on.' })
  installCommand!: string;
}

/** What a device says of itself when it enrols. */
@InputType({ description: 'What a device says of itself when it enrols.' })
export class EnrollDeviceFactsInput {
  @Field(() => String)
  hostname!: string;

  @Field(() => OsFamily)
  osFamily!: keyof typeof OsFamily;

  @Field(() => String)
  agentVersion!: string;

  @Field(() => Int)
  protocol!: number;

  @Field(() => String, {
    nullable: true,
    description: 'What the operating system calls this installation: /etc/machine-id, MachineGuid, IOPlatformUUID.',
  })
  machineId?: string | null;

  @Field(() => String, { nullable: true, description: 'Serial number of the machine as its firmware tells it.' })
  serialNumber?: string | null;

  @Field(() => [String], { nullable: true, description: 'Addresses of physical network cards, `52:54:00:12:34:56`.' })
  macAddresses?: string[] | null;
}

/** A device's application. */
@InputType({ description: 'A device’s application, with proof that it holds the key.' })
export class EnrollDeviceInput {
  @Field(() => String)
  token!: string;

  @Field(() => String, { description: 'Raw Ed25519 key, base64url.' })
  publicKey!: string;

  @Field(() => String, { description: 'Signature by that key over `muster-enroll-v1|<token>|<publicKey>`, base64url.' })
  proof!: string;

  @Field(() => EnrollDeviceFactsInput)
  facts!: EnrollDeviceFactsInput;
}

/** The device's place in the fleet. */
@ObjectType({ description: 'The device’s place in the fleet.' })
export class EnrollDevicePayload {
  @Field(() => ID)
  deviceId!: string;

  @Field(() => DeviceStatus)
  status!: DeviceStatusName;

  @Field(() => Boolean, { description: 'True where the machine was known and got its record back.' })
  isReEnrolled!: boolean;

  @Field(() => String, {
    description: 'The server’s identity key (raw Ed25519, base64url): pin it, it signs every command.',
  })
  serverKey!: string;

  @Field(() => DateTime)
  serverTime!: Date;
}
