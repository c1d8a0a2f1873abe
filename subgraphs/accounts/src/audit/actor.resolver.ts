import type { RequestContext } from '@muster/kit/context';
import { type BatchedLookup, batchPerCall } from '@muster/kit/loader';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { User } from '../users/user.ts';
import type { Users } from '../users/users.ts';
import { AuditActor } from './audit-event.ts';

/** Whoever acted, in the graph. */
@Resolver(() => AuditActor)
export class ActorResolver {
  readonly #user: BatchedLookup<User>;

  constructor(users: Users) {
    this.#user = batchPerCall((ids, { viewer }) => users.findVisible(ids, viewer));
  }

  @FieldResolver(() => User, { nullable: true, description: 'The person as known today; null where out of sight.' })
  user(@Root() actor: AuditActor, @Ctx() context: RequestContext): Promise<User | null> | null {
    return actor.kind === 'USER' && actor.id ? this.#user(actor.id, context) : null;
  }
}
