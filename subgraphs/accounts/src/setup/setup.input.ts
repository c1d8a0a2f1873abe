import { Field, InputType } from 'type-graphql';
import { ClientKind } from '../sessions/client-kind.ts';

/** Arguments of completeSetup. */
@InputType({ description: 'The first administrator and organization.' })
export class CompleteSetupInput {
  @Field(() => String, { description: 'The one-time secret that the server printed at its newest start.' })
  readonly secret!: string;

  @Field(() => String)
  readonly email!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  readonly name!: string;

  @Field(() => String, { description: 'At least 12 characters.' })
  readonly password!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  readonly organizationName!: string;

  @Field(() => ClientKind, { nullable: true, defaultValue: ClientKind.BROWSER })
  readonly clientKind?: ClientKind | null;
}
