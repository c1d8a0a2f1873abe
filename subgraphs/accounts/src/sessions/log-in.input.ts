import { Field, InputType, registerEnumType } from 'type-graphql';
import { ClientKind } from './client-kind.ts';

registerEnumType(ClientKind, {
  name: 'ClientKind',
  description: 'What a session lives in.',
  valuesConfig: {
    BROWSER: { description: 'The answer sets a cookie and shows no token.' },
    CLI: { description: 'The answer shows a bearer token and sets no cookie.' },
  },
});

/** Arguments of logIn. */
@InputType({ description: 'Who signs in, and into what.' })
export class LogInInput {
  @Field(() => String)
  readonly email!: string;

  @Field(() => String)
  readonly password!: string;

  @Field(() => ClientKind, { nullable: true, defaultValue: ClientKind.BROWSER })
  readonly clientKind?: ClientKind | null;
}
