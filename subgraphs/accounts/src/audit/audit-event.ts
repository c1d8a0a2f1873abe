import { connectionOf } from '@muster/kit/connection-types';
import { BigIntScalar, DateTime, Json } from '@muster/kit/scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';

/** How a deed ended. */
export const AuditOutcome = { SUCCEEDED: 'SUCCEEDED', REFUSED: 'REFUSED' } as const;
registerEnumType(AuditOutcome, { name: 'AuditOutcome', description: 'How a deed ended.' });

/** Who can act. */
export const AuditActorKind = {
  ANONYMOUS: 'ANONYMOUS',
  USER: 'USER',
  API_KEY: 'API_KEY',
  DEVICE: 'DEVICE',
  SYSTEM: 'SYSTEM',
} as const;
registerEnumType(AuditActorKind, { name: 'AuditActorKind', description: 'Kind of whoever acted.' });

/** Whoever acted, in the graph. */
@ObjectType({ description: 'Whoever acted, as known at that time.' })
export class AuditActor {
  @Field(() => AuditActorKind)
  readonly kind!: keyof typeof AuditActorKind;

  @Field(() => ID, { nullable: true, description: 'Of the person, key or device; null for who was not known.' })
  readonly id!: string | null;

  @Field(() => String, { description: 'Name at the time of acting.' })
  readonly name!: string;
}

/** What was acted on, in the graph. */
@ObjectType({ description: 'What was acted on.' })
export class AuditTarget {
  @Field(() => String, { description: 'Name of its type in the graph.' })
  readonly type!: string;

  @Field(() => ID)
  readonly id!: string;
}

/** A row of the trail in the graph. */
@ObjectType({ description: 'One thing that somebody did or was refused.' })
export class AuditEvent {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => BigIntScalar, { description: 'Place in the trail; later events have higher ones.' })
  readonly sequence!: string;

  @Field(() => DateTime)
  readonly at!: Date;

  @Field(() => AuditActor)
  readonly actor!: AuditActor;

  @Field(() => String, { description: '`noun.pastVerb`.' })
  readonly action!: string;

  @Field(() => AuditTarget, { nullable: true })
  readonly target!: AuditTarget | null;

  @Field(() => AuditOutcome)
  readonly outcome!: keyof typeof AuditOutcome;

  @Field(() => String, { nullable: true })
  readonly ipAddress!: string | null;

  @Field(() => Json, { description: 'What else is known; never a secret.' })
  readonly details!: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'Seal over this and all earlier events; null until the trail is sealed.',
  })
  readonly hash!: string | null;
}

/** A page of the trail. */
export const AuditEventConnection = connectionOf('AuditEvent', () => AuditEvent);
