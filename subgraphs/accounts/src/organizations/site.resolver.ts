import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { type BatchedLookup, batchPerCall } from '@muster/kit/loader';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Organization } from './organization.ts';
import type { Organizations } from './organizations.ts';
import type { SiteRecord } from './site.entity.ts';
import { CreateSiteInput } from './site.input.ts';
import { CreateSitePayload } from './site.payload.ts';
import { Site } from './site.ts';
import type { Sites } from './sites.ts';

/** Sites in the graph. */
@Resolver(() => Site)
export class SiteResolver {
  readonly #sites: Sites;
  readonly #organizationOf: BatchedLookup<Organization>;

  constructor(sites: Sites, organizations: Organizations) {
    this.#sites = sites;
    this.#organizationOf = batchPerCall((ids, { viewer }) => organizations.findVisible(ids, viewer));
  }

  @FieldResolver(() => Organization)
  organization(@Root() site: SiteRecord, @Ctx() context: RequestContext): Promise<Organization | null> {
    return this.#organizationOf(site.organization, context);
  }

  @Requires('site:write')
  @Mutation(() => CreateSitePayload, { description: 'Adds a site to an organization.' })
  async createSite(
    @Arg('input', () => CreateSiteInput) { organizationId, name, timeZone }: CreateSiteInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateSitePayload> {
    return { site: await this.#sites.create({ organizationId, name, timeZone: timeZone ?? 'UTC' }, context) };
  }
}
