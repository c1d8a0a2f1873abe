import { DateTime } from '@muster/kit/scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { User } from '../users/user.ts';

/** Result of requestAccess. */
@ObjectType({ description: 'The same for everybody.' })
export class RequestAccessPayload {
  @Field(() => Boolean, { description: 'Always true; an answer comes by mail or by hand, or not at all.' })
  readonly isAccepted!: boolean;
}

/** Result of approveAccessRequest. */
@ObjectType({ description: 'The person who is invited now.' })
export class ApproveAccessRequestPayload {
  @Field(() => User)
  readonly user!: User;

  @Field(() => String, { nullable: true, description: 'To be handed over by hand; null where it went out by mail.' })
  readonly link!: string | null;

  @Field(() => DateTime, { description: 'When the invitation ends.' })
  readonly expiresAt!: Date;
}

/** Result of refuseAccessRequest. */
@ObjectType({ description: 'The request that is forgotten.' })
export class RefuseAccessRequestPayload {
  @Field(() => ID)
  readonly requestId!: string;
}
