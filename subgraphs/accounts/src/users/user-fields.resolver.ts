import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { type BatchedLookup, batchPerCall } from '@muster/kit/loader';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ApiKey } from '../api-keys/api-key.ts';
import type { ApiKeys } from '../api-keys/api-keys.ts';
import { toApiKey } from '../api-keys/to-api-key.ts';
import { Grant } from '../roles/grant.ts';
import type { Grants } from '../roles/grants.ts';
import { toGrant } from '../roles/to-grant.ts';
import { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { User } from './user.ts';
import type { Users } from './users.ts';

/** What hangs on a person. */
export interface UserFieldRules {
  readonly users: Users;
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
}

/** Fields of people in the graph; who sees a person sees these only with a permission of their own, where that holds. */
@Resolver(() => User)
export class UserFieldsResolver {
  readonly #grantsOf: BatchedLookup<Grant[]>;
  readonly #sessionsOf: BatchedLookup<Session[]>;
  readonly #apiKeysOf: BatchedLookup<ApiKey[]>;

  constructor({ users, grants, sessions, apiKeys }: UserFieldRules) {
    this.#grantsOf = batchPerCall(async (ids, { viewer }) => {
      const found = await grants.findByUsers(ids, viewer);
      return new Map([...found].map(([id, own]) => [id, own.map(toGrant)]));
    });
    this.#sessionsOf = batchPerCall(async (ids, { viewer }) =>
      sessions.findByUsers([...(await users.findWhere(ids, viewer, 'session:read')).keys()]),
    );
    this.#apiKeysOf = batchPerCall(async (ids, { viewer }) => {
      const found = await apiKeys.findByUsers([...(await users.findWhere(ids, viewer, 'apikey:read')).keys()]);
      return new Map([...found].map(([id, own]) => [id, own.map(toApiKey)]));
    });
  }

  @FieldResolver(() => Boolean, { description: 'Always false: second factors are not there yet.' })
  hasSecondFactor(): boolean {
    return false;
  }

  @Requires('role:read')
  @FieldResolver(() => [Grant], { description: 'Roles, oldest first, as far as the caller may see them.' })
  async grants(@Root() { id }: User, @Ctx() context: RequestContext): Promise<Grant[]> {
    return (await this.#grantsOf(id, context)) ?? [];
  }

  @Requires('session:read')
  @FieldResolver(() => [Session], { description: 'Where the person is signed in, newest first.' })
  async sessions(@Root() { id }: User, @Ctx() context: RequestContext): Promise<Session[]> {
    return (await this.#sessionsOf(id, context)) ?? [];
  }

  @Requires('apikey:read')
  @FieldResolver(() => [ApiKey], { description: 'Keys that stand for the person, newest first.' })
  async apiKeys(@Root() { id }: User, @Ctx() context: RequestContext): Promise<ApiKey[]> {
    return (await this.#apiKeysOf(id, context)) ?? [];
  }
}
