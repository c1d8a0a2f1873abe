import { createUnionType, Field, ObjectType } from 'type-graphql';
import { Viewer } from '../viewer/viewer.ts';

const TOKEN = 'The bearer token of a CLI session, shown this once; null for a browser, which gets a cookie.';

/** What every way of signing in answers. */
export interface LogInAnswer {
  readonly viewer: Viewer;
  readonly token: string | null;
}

/** Result of logIn where nothing more is needed. */
@ObjectType({ description: 'The caller is signed in.' })
export class LoggedIn implements LogInAnswer {
  @Field(() => Viewer)
  readonly viewer!: Viewer;

  @Field(() => String, { nullable: true, description: TOKEN })
  readonly token!: string | null;
}

/** Result of logIn; a second factor becomes another member. */
export const LogInResult = createUnionType({
  name: 'LogInResult',
  description: 'What signing in leads to.',
  types: () => [LoggedIn] as const,
  resolveType: () => LoggedIn,
});

/** Result of completeSetup. */
@ObjectType({ description: 'The session that was opened.' })
export class LogInPayload implements LogInAnswer {
  @Field(() => Viewer)
  readonly viewer!: Viewer;

  @Field(() => String, { nullable: true, description: TOKEN })
  readonly token!: string | null;
}

/** Result of logOut. */
@ObjectType({ description: 'The caller after signing out.' })
export class LogOutPayload {
  @Field(() => Viewer)
  readonly viewer!: Viewer;
}
