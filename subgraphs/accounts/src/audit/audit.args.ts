import { DateTime } from '@muster/kit/scalars';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';

/** Which events somebody looks for. */
@InputType({ description: 'Which events to show; all that is given has to be true.' })
export class AuditFilter {
  @Field(() => DateTime, { nullable: true })
  readonly from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Before, not at.' })
  readonly to?: Date | null;

  @Field(() => ID, { nullable: true })
  readonly actorId?: string | null;

  @Field(() => String, { nullable: true, description: 'The whole name of an action.' })
  readonly action?: string | null;

  @Field(() => String, { nullable: true })
  readonly targetType?: string | null;

  @Field(() => ID, { nullable: true })
  readonly targetId?: string | null;

  @Field(() => ID, { nullable: true })
  readonly organizationId?: string | null;
}

/** Arguments of auditEvents. */
@ArgsType()
export class AuditEventsArguments {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'At most 100.' })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' })
  readonly after?: string | null;

  @Field(() => AuditFilter, { nullable: true })
  readonly filter?: AuditFilter | null;
}
