import * as v from 'valibot';
import { scopeFields, scopeSchema } from '#features/access/scopes.ts';
import { type FragmentOf, graphql, type ResultOf } from '#graph/graphql.ts';

const apiKeyRow = graphql(
  `
    fragment ApiKeyRow on ApiKey @_unmask {
      id
      name
      prefix
      permissions
      scopes {
        ...ScopeFields
      }
      createdAt
      expiresAt
      lastUsedAt
    }
  `,
  [scopeFields],
);

/** A key as a row. */
export type ApiKeyRow = FragmentOf<typeof apiKeyRow>;

/** The keys of whoever asks. */
export const ownApiKeysQuery = graphql(
  `
    query OwnApiKeys {
      viewer {
        apiKeys {
          ...ApiKeyRow
        }
      }
    }
  `,
  [apiKeyRow],
);

/** Makes a key; its secret is shown this once. */
export const createApiKeyMutation = graphql(
  `
    mutation CreateApiKey($input: CreateApiKeyInput!) {
      createApiKey(input: $input) {
        secret
        apiKey {
          ...ApiKeyRow
        }
      }
    }
  `,
  [apiKeyRow],
);

/** A key that was just made, with its secret. */
export type MadeApiKey = ResultOf<typeof createApiKeyMutation>['createApiKey'];

/** Ends a key. */
export const revokeApiKeyMutation = graphql(`
  mutation RevokeApiKey($apiKeyId: ID!) {
    revokeApiKey(input: { apiKeyId: $apiKeyId }) {
      apiKeyId
    }
  }
`);

/** How long a key can live, in days. */
export const lifetimes = { '7': '7 days', '30': '30 days', '90': '90 days', '365': 'One year' } as const;

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The instant that lies so many days ahead. */
export function expiryAfter(days: string, now: number): string {
  return new Date(now + Number(days) * dayMilliseconds).toISOString();
}

/** What the form for a key must hold. */
export const apiKeySchema = v.object({
  name: v.pipe(
    v.string(),
    v.trim(),
    v.nonEmpty('Say what the key is for.'),
    v.maxLength(100, 'Use 100 characters at most.'),
  ),
  permissions: v.pipe(v.array(v.string()), v.minLength(1, 'Tick what the key may do.')),
  scope: scopeSchema,
  lifetime: v.picklist(Object.keys(lifetimes) as (keyof typeof lifetimes)[]),
});

/** A call that can be pasted into a shell, to see that the key works. */
export function curlExample(origin: string, secret: string): string {
  return [
    `curl ${origin}/graphql \\`,
    `  -H 'Authorization: Bearer ${secret}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"query":"{ viewer { kind permissions } }"}'`,
  ].join('\n');
}
