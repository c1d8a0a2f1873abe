import { toScope } from '../roles/to-grant.ts';
import type { ApiKeyRecord } from './api-key.entity.ts';
import type { ApiKey } from './api-key.ts';

/** The key as the graph shows it: everything but what proves it. */
export function toApiKey(key: ApiKeyRecord): ApiKey {
  const { id, name, prefix, permissions, createdAt, expiresAt, lastUsedAt } = key;
  return {
    id,
    name,
    prefix,
    permissions,
    scopes: key.scopes.map(toScope),
    createdAt,
    expiresAt,
    lastUsedAt: lastUsedAt ?? null,
  };
}
