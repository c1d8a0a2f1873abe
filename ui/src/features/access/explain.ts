import { graphql } from '#graph/graphql.ts';
import { scopeFields, scopeOfChoice } from './scopes.ts';

/** Whether somebody may do something somewhere, and by which grants. */
export const explainAccessQuery = graphql(
  `
    query ExplainAccess($userId: ID!, $permission: String!, $organizationId: ID, $siteId: ID, $tags: [String!]) {
      explainAccess(userId: $userId, permission: $permission, organizationId: $organizationId, siteId: $siteId, tags: $tags) {
        isAllowed
        user {
          id
          name
          status
        }
        grants {
          id
          role {
            id
            name
          }
          scope {
            ...ScopeFields
          }
        }
      }
    }
  `,
  [scopeFields],
);

/** People to ask about, by name. */
export const explainUsersQuery = graphql(`
  query ExplainUsers {
    users(first: 100) {
      nodes {
        id
        name
        email
      }
    }
  }
`);

/** One person to ask about who may not be among the first. */
export const explainUserQuery = graphql(`
  query ExplainUser($id: ID!) {
    user(id: $id) {
      id
      name
      email
    }
  }
`);

/** A question: may this person do this there? It is the page's address and nothing else. */
export interface AccessQuestion {
  readonly userId: string;
  readonly permission: string;
  /** A choice as `scopeOfChoice` reads it. */
  readonly where: string;
}

/** Reads a question from `?user=&permission=&where=`. */
export function questionOfParams(params: Pick<URLSearchParams, 'get'>): AccessQuestion {
  return {
    userId: params.get('user') ?? '',
    permission: params.get('permission') ?? '',
    where: params.get('where') ?? 'ALL',
  };
}

/** The address of a question. */
export function paramsOfQuestion({ userId, permission, where }: AccessQuestion): string {
  const params = new URLSearchParams();
  if (userId) params.set('user', userId);
  if (permission) params.set('permission', permission);
  if (where !== 'ALL') params.set('where', where);
  const text = params.toString();
  return text && `?${text}`;
}

/** The question as the graph takes it; null while it is not complete. */
export function variablesOfQuestion({ userId, permission, where }: AccessQuestion) {
  const place = scopeOfChoice(where);
  if (!userId || !permission || !place) return null;
  return {
    userId,
    permission,
    ...('organizationId' in place && { organizationId: place.organizationId }),
    ...('siteId' in place && { siteId: place.siteId }),
    ...('tag' in place && { tags: [place.tag] }),
  };
}
