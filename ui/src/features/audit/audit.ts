import { type FragmentOf, graphql } from '#graph/graphql.ts';

const auditRow = graphql(`
  fragment AuditRow on AuditEvent @_unmask {
    id
    sequence
    at
    action
    outcome
    ipAddress
    details
    actor {
      kind
      id
      name
    }
    target {
      type
      id
    }
    organization {
      id
      name
    }
  }
`);

/** One thing that was done or refused. */
export type AuditRow = FragmentOf<typeof auditRow>;

/** One page of the trail. */
export const auditEventsQuery = graphql(
  `
    query AuditEvents($first: Int!, $after: String, $filter: AuditFilter) {
      auditEvents(first: $first, after: $after, filter: $filter) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...AuditRow
        }
      }
    }
  `,
  [auditRow],
);
