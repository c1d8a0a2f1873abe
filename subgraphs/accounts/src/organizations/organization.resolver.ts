import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { type BatchedLookup, batchPerCall } from '@muster/kit/loader';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CreateOrganizationInput } from './organization.input.ts';
import { CreateOrganizationPayload } from './organization.payload.ts';
import { Organization, OrganizationConnection } from './organization.ts';
import { OrganizationsArguments } from './organizations.args.ts';
import type { Organizations } from './organizations.ts';
import { Site } from './site.ts';
import type { Sites } from './sites.ts';

/** Organizations in the graph. */
@Resolver(() => Organization)
export class OrganizationResolver {
  readonly #organizations: Organizations;
  readonly #sitesOf: BatchedLookup<Site[]>;

  constructor(organizations: Organizations, sites: Sites) {
    this.#organizations = organizations;
    this.#sitesOf = batchPerCall((ids, { viewer }) => sites.findByOrganizations(ids, viewer));
  }

  @Requires('organization:read')
  @Query(() => Organization, {
    nullable: true,
    description: 'One organization, or null where it does not exist or the caller may not see it.',
  })
  async organization(@Arg('id', () => ID) id: string, @Ctx() { viewer }: RequestContext): Promise<Organization | null> {
    return (await this.#organizations.findVisible([id], viewer)).get(id) ?? null;
  }

  @Requires('organization:read')
  @Query(() => OrganizationConnection, { description: 'Organizations that the caller may see, ordered by name.' })
  organizations(
    @Args(() => OrganizationsArguments) page: OrganizationsArguments,
    @Ctx() { viewer }: RequestContext,
  ): Promise<Connection<Organization>> {
    return this.#organizations.list(page, viewer);
  }

  @FieldResolver(() => [Site], { description: 'Its sites, oldest first.' })
  async sites(@Root() { id }: Organization, @Ctx() context: RequestContext): Promise<Site[]> {
    return (await this.#sitesOf(id, context)) ?? [];
  }

  @Requires('organization:write')
  @Mutation(() => CreateOrganizationPayload, { description: 'Adds an organization with a first site.' })
  async createOrganization(
    @Arg('input', () => CreateOrganizationInput) { name, siteName }: CreateOrganizationInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateOrganizationPayload> {
    return { organization: await this.#organizations.create({ name, siteName: siteName ?? 'Main' }, context) };
  }
}
