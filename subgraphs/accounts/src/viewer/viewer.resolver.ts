import { Public } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ApiKey } from '../api-keys/api-key.ts';
import type { ApiKeys } from '../api-keys/api-keys.ts';
import { toApiKey } from '../api-keys/to-api-key.ts';
import { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { User } from '../users/user.ts';
import type { Users } from '../users/users.ts';
import { Device, Viewer, ViewerKind } from './viewer.ts';

/** What the caller can look at of itself. */
export interface ViewerRules {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
}

/** The caller in the graph. */
@Resolver(() => Viewer)
export class ViewerResolver {
  readonly #rules: ViewerRules;

  constructor(rules: ViewerRules) {
    this.#rules = rules;
  }

  @Public()
  @Query(() => Viewer, {
    description: 'Who the caller is and what the caller may do; an anonymous caller gets kind ANONYMOUS.',
  })
  viewer(@Ctx() context: RequestContext): Viewer {
    return context.viewer;
  }

  @FieldResolver(() => ViewerKind)
  kind(@Root() viewer: Viewer): string {
    return viewer.kind in ViewerKind ? viewer.kind : ViewerKind.ANONYMOUS;
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'The person behind the call; null for anonymous callers and devices.',
  })
  async user(@Root() viewer: Viewer): Promise<User | null> {
    return viewer.kind === 'USER' ? this.#rules.users.find(viewer.id) : null;
  }

  @FieldResolver(() => Device, {
    nullable: true,
    description: 'The device behind the call; null for everybody else.',
  })
  device(@Root() viewer: Viewer): Device | null {
    return viewer.kind === 'DEVICE' ? { id: viewer.id } : null;
  }

  @FieldResolver(() => [Session], {
    description: 'Where the person behind the call is signed in, newest first; nothing for everybody else.',
  })
  async sessions(@Root() viewer: Viewer): Promise<Session[]> {
    if (viewer.kind !== 'USER') return [];
    return (await this.#rules.sessions.findByUsers([viewer.id])).get(viewer.id) ?? [];
  }

  @FieldResolver(() => [ApiKey], {
    description: 'Keys that stand for the person behind the call, newest first; nothing for everybody else.',
  })
  async apiKeys(@Root() viewer: Viewer): Promise<ApiKey[]> {
    if (viewer.kind !== 'USER') return [];
    return ((await this.#rules.apiKeys.findByUsers([viewer.id])).get(viewer.id) ?? []).map(toApiKey);
  }
}
