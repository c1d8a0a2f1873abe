import { Field, ID, InputType } from 'type-graphql';
import { ScopeInput } from '../roles/scope.input.ts';

/** Arguments of requestAccess. */
@InputType({ description: 'Who asks to be let in.' })
export class RequestAccessInput {
  @Field(() => String)
  readonly email!: string;

  @Field(() => String, { description: '1 to 100 characters.' })
  readonly name!: string;

  @Field(() => String, { nullable: true, defaultValue: '', description: 'At most 1000 characters.' })
  readonly message?: string | null;
}

/** Arguments of approveAccessRequest. */
@InputType({ description: 'The request, and what who asked is let in to.' })
export class ApproveAccessRequestInput {
  @Field(() => ID)
  readonly requestId!: string;

  @Field(() => ID)
  readonly roleId!: string;

  @Field(() => [ScopeInput], { description: 'Where the role holds; at least one.' })
  readonly scopes!: ScopeInput[];
}

/** Arguments of refuseAccessRequest. */
@InputType({ description: 'The request to forget.' })
export class RefuseAccessRequestInput {
  @Field(() => ID)
  readonly requestId!: string;
}
