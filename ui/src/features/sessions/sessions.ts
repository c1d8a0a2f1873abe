import { type FragmentOf, graphql } from '#graph/graphql.ts';

/** What a row of a session table shows. */
export const sessionRow = graphql(`
  fragment SessionRow on Session @_unmask {
    id
    kind
    createdAt
    lastSeenAt
    expiresAt
    ipAddress
    isCurrent
  }
`);

/** Where a person is signed in. */
export type SessionRow = FragmentOf<typeof sessionRow>;

/** The sessions of whoever asks. */
export const ownSessionsQuery = graphql(
  `
    query OwnSessions {
      viewer {
        sessions {
          ...SessionRow
        }
      }
    }
  `,
  [sessionRow],
);

/** Ends one session. */
export const revokeSessionMutation = graphql(`
  mutation RevokeSession($sessionId: ID!) {
    revokeSession(input: { sessionId: $sessionId }) {
      sessionId
    }
  }
`);

/** Ends all sessions of a person, one's own without a person; the one that asks stays. */
export const revokeAllSessionsMutation = graphql(`
  mutation RevokeAllSessions($userId: ID) {
    revokeAllSessions(input: { userId: $userId, keepsCurrent: true }) {
      sessionCount
    }
  }
`);

/** What a session lives in, in words. */
export const sessionKinds: Record<SessionRow['kind'], string> = { BROWSER: 'Browser', CLI: 'Command line' };
