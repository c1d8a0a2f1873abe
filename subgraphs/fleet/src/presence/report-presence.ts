import { DateTime } from '@muster/kit/scalars';
import { Field, InputType, ObjectType } from 'type-graphql';

/** What an agent says of itself when it has connected, and every hour. */
@InputType({ description: 'What an agent says of itself when it has connected, and every hour.' })
export class ReportPresenceInput {
  @Field(() => DateTime, { description: 'The device’s own clock as it stands, not corrected by the server’s time.' })
  agentTime!: Date;

  @Field(() => DateTime, { nullable: true })
  bootedAt?: Date | null;

  @Field(() => String, { nullable: true })
  agentVersion?: string | null;
}

/** The server's answer to a sign of life. */
@ObjectType({ description: 'The server’s answer to a sign of life.' })
export class ReportPresencePayload {
  @Field(() => DateTime)
  serverTime!: Date;
}
