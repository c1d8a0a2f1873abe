import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { type BatchedLookup, batchPerCall } from '@muster/kit/loader';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Organization } from '../organizations/organization.ts';
import type { Organizations } from '../organizations/organizations.ts';
import { Site } from '../organizations/site.ts';
import type { Sites } from '../organizations/sites.ts';
import type { Users } from '../users/users.ts';
import { GrantRoleInput, RevokeGrantInput } from './grant.input.ts';
import { GrantRolePayload, RevokeGrantPayload } from './grant.payload.ts';
import { Scope } from './grant.ts';
import type { Grants } from './grants.ts';
import { type ScopeFacts, toGrant } from './to-grant.ts';

/** What grants stand on. */
export interface GrantRules {
  readonly grants: Grants;
  readonly users: Users;
  readonly organizations: Organizations;
  readonly sites: Sites;
}

/** Grants and their scopes in the graph. */
@Resolver(() => Scope)
export class GrantResolver {
  readonly #rules: GrantRules;
  readonly #organization: BatchedLookup<Organization>;
  readonly #site: BatchedLookup<Site>;

  constructor(rules: GrantRules) {
    const { organizations, sites } = rules;
    this.#rules = rules;
    this.#organization = batchPerCall((ids, { viewer }) => organizations.findVisible(ids, viewer));
    this.#site = batchPerCall((ids, { viewer }) => sites.findVisible(ids, viewer));
  }

  @FieldResolver(() => Organization, { nullable: true, description: 'Of kinds ORGANIZATION and SITE.' })
  organization(@Root() scope: ScopeFacts, @Ctx() context: RequestContext): Promise<Organization | null> | null {
    return scope.organizationId ? this.#organization(scope.organizationId, context) : null;
  }

  @FieldResolver(() => Site, { nullable: true, description: 'Of kind SITE.' })
  site(@Root() scope: ScopeFacts, @Ctx() context: RequestContext): Promise<Site | null> | null {
    return scope.siteId ? this.#site(scope.siteId, context) : null;
  }

  @Requires('role:write')
  @Mutation(() => GrantRolePayload, {
    description: 'Gives a role to a person, never more than the caller holds there.',
  })
  async grantRole(
    @Arg('input', () => GrantRoleInput) input: GrantRoleInput,
    @Ctx() context: RequestContext,
  ): Promise<GrantRolePayload> {
    return { grant: toGrant(await this.#rules.grants.grant(input, context)) };
  }

  @Requires('role:write')
  @Mutation(() => RevokeGrantPayload, { description: 'Takes a grant away; the last Owner stays one.' })
  async revokeGrant(
    @Arg('input', () => RevokeGrantInput) { grantId }: RevokeGrantInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeGrantPayload> {
    const userId = await this.#rules.grants.revoke(grantId, context);
    return { grantId, user: (await this.#rules.users.findVisible([userId], context.viewer)).get(userId) ?? null };
  }
}
