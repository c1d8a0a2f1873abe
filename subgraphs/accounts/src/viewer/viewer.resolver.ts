import { Public } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { User } from '../users/user.ts';
import type { Users } from '../users/users.ts';
import { Device, Viewer, ViewerKind } from './viewer.ts';

/** The caller in the graph. */
@Resolver(() => Viewer)
export class ViewerResolver {
  readonly #users: Users;

  constructor(users: Users) {
    this.#users = users;
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
    return viewer.kind === 'USER' ? this.#users.find(viewer.id) : null;
  }

  @FieldResolver(() => Device, {
    nullable: true,
    description: 'The device behind the call; null for everybody else.',
  })
  device(@Root() viewer: Viewer): Device | null {
    return viewer.kind === 'DEVICE' ? { id: viewer.id } : null;
  }
}
