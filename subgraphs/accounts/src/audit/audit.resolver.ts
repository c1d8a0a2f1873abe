import { Requires } from '@muster/kit/auth/access';
import type { Connection } from '@muster/kit/connection';
import type { RequestContext } from '@muster/kit/context';
import { type BatchedLookup, batchPerCall } from '@muster/kit/loader';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Organization } from '../organizations/organization.ts';
import type { Organizations } from '../organizations/organizations.ts';
import { AuditEventsArguments } from './audit.args.ts';
import { type AuditActor, AuditActorKind, AuditEvent, AuditEventConnection } from './audit-event.ts';
import type { AuditRow, AuditTrail } from './audit-trail.ts';

type EventFacts = AuditEvent & Pick<AuditRow, 'organizationId'>;

/** The audit trail in the graph. */
@Resolver(() => AuditEvent)
export class AuditResolver {
  readonly #trail: AuditTrail;
  readonly #organization: BatchedLookup<Organization>;

  constructor(trail: AuditTrail, organizations: Organizations) {
    this.#trail = trail;
    this.#organization = batchPerCall((ids, { viewer }) => organizations.findVisible(ids, viewer));
  }

  @Requires('audit:read')
  @Query(() => AuditEventConnection, {
    description: 'What was done, newest first; events of no organization are for who may read the whole trail.',
  })
  async auditEvents(
    @Args(() => AuditEventsArguments) { filter, ...page }: AuditEventsArguments,
    @Ctx() { viewer }: RequestContext,
  ): Promise<Connection<EventFacts>> {
    const { edges, nodes, ...rest } = await this.#trail.list(page, filter ?? {}, viewer);
    const events = nodes.map(toEvent);
    return {
      ...rest,
      nodes: events,
      edges: edges.map(({ cursor }, index) => ({ cursor, node: events[index] as EventFacts })),
    };
  }

  @FieldResolver(() => Organization, { nullable: true, description: 'Whose it is; null for what concerns no tenant.' })
  organization(@Root() event: EventFacts, @Ctx() context: RequestContext): Promise<Organization | null> | null {
    return event.organizationId ? this.#organization(event.organizationId, context) : null;
  }
}

function toEvent(row: AuditRow): EventFacts {
  const { actorKind, actorId, actorName, targetType, targetId, ...event } = row;
  return {
    ...event,
    at: new Date(event.at),
    actor: { kind: toKind(actorKind), id: actorId || null, name: actorName },
    target: targetType && targetId ? { type: targetType, id: targetId } : null,
    hash: null,
  };
}

function toKind(kind: string): AuditActor['kind'] {
  return kind in AuditActorKind ? (kind as AuditActor['kind']) : 'SYSTEM';
}
