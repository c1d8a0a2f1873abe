import { Requires } from '@muster/kit/auth/access';
import type { RequestContext } from '@muster/kit/context';
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { ExplainAccessArguments } from './access.args.ts';
import { AccessExplanation } from './access.ts';
import type { ExplainAccess } from './explain-access.ts';
import { toGrant } from './to-grant.ts';

/** “Why may Ada do this” in the graph. */
@Resolver()
export class AccessResolver {
  readonly #explainAccess: ExplainAccess;

  constructor(explainAccess: ExplainAccess) {
    this.#explainAccess = explainAccess;
  }

  @Requires('role:read')
  @Query(() => AccessExplanation, {
    description: 'Why a person may do something in a place; without a place, everywhere.',
  })
  async explainAccess(
    @Args(() => ExplainAccessArguments) question: ExplainAccessArguments,
    @Ctx() { viewer }: RequestContext,
  ): Promise<AccessExplanation> {
    const { grants, ...answer } = await this.#explainAccess.run(question, viewer);
    return { ...answer, grants: grants.map(toGrant) };
  }
}
