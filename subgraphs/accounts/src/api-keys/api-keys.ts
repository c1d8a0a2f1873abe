import { randomInt } from 'node:crypto';
import type { RequestContext } from '@muster/kit/context';
import { audit } from '@muster/kit/database/database';
import { AppError } from '@muster/kit/errors';
import { isId, newId, requireId } from '@muster/kit/ids';
import { hashToken, newToken } from '@muster/kit/tokens';
import { requireHeld, requirePerson } from '../roles/authority.ts';
import { effectiveRights, type GrantedRole } from '../roles/effective-rights.ts';
import { type GrantScope, meet } from '../roles/grant-scope.ts';
import { type NamedScope, readScopes } from '../roles/named-scope.ts';
import { isForApiKeys, isPermission, type Permission } from '../roles/permissions.ts';
import { grantedTo } from '../roles/rights.ts';
import { permissionProblems } from '../roles/roles.ts';
import type { ResolvedCredential } from '../sessions/sessions.ts';
import type { Store } from '../store.ts';
import type { Users } from '../users/users.ts';
import { Problems } from '../validation/problems.ts';
import { nameProblems } from '../validation/text.ts';
import { ApiKeyRecord } from './api-key.entity.ts';

/** What a key is wished for. */
export interface NewApiKey {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly scopes: readonly NamedScope[];
  readonly expiresAt: Date;
}

/** What keys stand on. */
export interface ApiKeysDeps {
  readonly store: Store;
  readonly users: Users;
  readonly now: () => Date;
}

const PREFIX = 'muster_key_';
const SHAPE = /^muster_key_[a-z2-7]{8}_[\w-]{43}$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const DAY_MS = 24 * 3_600_000;
const LONGEST_MS = 366 * DAY_MS;
const MAX_KEYS = 50;
/** Use is written down this often at most: it costs a write. */
const USED_INTERVAL_MS = 60_000;

/** Keys for programs of third parties: they stand for their owner, with some of the owner's rights at the time of use. */
export class ApiKeys {
  readonly #deps: ApiKeysDeps;

  constructor(deps: ApiKeysDeps) {
    this.#deps = deps;
  }

  /** True for text that has the shape of a key. */
  isKey(credential: string): boolean {
    return SHAPE.test(credential);
  }

  /** Makes a key of what the viewer, a person, holds now; the secret is nowhere else. */
  async create(input: NewApiKey, context: RequestContext): Promise<{ apiKey: ApiKeyRecord; secret: string }> {
    const { viewer } = context;
    requirePerson(viewer);
    const { store, now } = this.#deps;
    const createdAt = now();
    const permissions = validate(input, createdAt);
    const scopes = await readScopes(store.as(viewer, 'organization:read'), input.scopes);
    for (const scope of scopes) requireHeld(viewer, permissions, scope);
    const prefix = `${PREFIX}${Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
    const secret = newToken(prefix);
    const facts = { name: input.name.trim(), prefix, permissions, scopes, expiresAt: input.expiresAt };
    const id = newId();
    const apiKey = await store.asService().transactional(async em => {
      await em.execute("select pg_advisory_xact_lock(hashtext('accounts.api_key'))");
      if ((await em.count(ApiKeyRecord, { user: viewer.id })) >= MAX_KEYS)
        throw new AppError('PRECONDITION_FAILED', `You have ${MAX_KEYS} keys already. Revoke one first.`);
      await em.insert(ApiKeyRecord, { id, user: viewer.id, tokenHash: hashToken(secret), createdAt, ...facts });
      await audit(em, context, { action: 'apiKey.created', target: { type: 'ApiKey', id }, details: facts });
      return em.findOneOrFail(ApiKeyRecord, id);
    });
    return { apiKey, secret };
  }

  /** Ends a key, one's own or with `apikey:write` one of a person whom the viewer sees. */
  async revoke(apiKeyId: string, context: RequestContext): Promise<void> {
    const { store, users } = this.#deps;
    const { viewer } = context;
    requirePerson(viewer);
    const id = requireId('input.apiKeyId', apiKeyId);
    const key = await store.asService().findOne(ApiKeyRecord, id);
    const isInSight =
      key?.user.id === viewer.id || (key && (await users.findWhere([key.user.id], viewer, 'apikey:write')).size > 0);
    if (!key || !isInSight) throw unknown();
    await store.asService().transactional(async em => {
      if ((await em.nativeDelete(ApiKeyRecord, { id })) !== 1) throw unknown();
      const details = { name: key.name, userId: key.user.id };
      await audit(em, context, { action: 'apiKey.revoked', target: { type: 'ApiKey', id }, details });
    });
  }

  /** Keys of each of the people, newest first, also those that have expired. */
  async findByUsers(ids: readonly string[]): Promise<Map<string, ApiKeyRecord[]>> {
    const found = await this.#deps.store
      .asService()
      .find(ApiKeyRecord, { user: { $in: ids.filter(isId) } }, { orderBy: { createdAt: 'desc', id: 'asc' } });
    return Map.groupBy(found, key => key.user.id);
  }

  /** The viewer behind a key, or null for one that is unknown, over, or whose owner cannot sign in. */
  async resolve(credential: string, isActivity: boolean): Promise<ResolvedCredential | null> {
    const em = this.#deps.store.asService();
    const at = this.#deps.now();
    const key = await em.findOne(
      ApiKeyRecord,
      { tokenHash: hashToken(credential) },
      { populate: ['user'], strategy: 'joined' },
    );
    if (key?.user.$.status !== 'ACTIVE' || key.expiresAt <= at) return null;
    const threshold = new Date(at.getTime() - USED_INTERVAL_MS);
    if (isActivity && (key.lastUsedAt == null || key.lastUsedAt <= threshold))
      await em.nativeUpdate(ApiKeyRecord, { id: key.id }, { lastUsedAt: at });
    const rights = effectiveRights(narrowed(await grantedTo(em, key.user.id), key));
    const name = `${key.name} (key of ${key.user.$.name})`;
    return { viewer: { kind: 'API_KEY', id: key.id, name, ...rights }, expiresAt: key.expiresAt };
  }
}

/** What the owner's grants and the key's wishes have in common: never wider than either. */
function narrowed(
  owned: readonly GrantedRole[],
  key: { readonly permissions: readonly string[]; readonly scopes: readonly GrantScope[] },
): GrantedRole[] {
  const wished = new Set(key.permissions.filter(isPermission).filter(isForApiKeys));
  return owned.flatMap(grant => {
    const permissions = grant.permissions.filter(permission => wished.has(permission));
    return key.scopes
      .map(scope => meet(grant.scope, scope))
      .filter(scope => scope !== undefined)
      .map(scope => ({ permissions, scope }));
  });
}

function unknown(): AppError {
  return new AppError('NOT_FOUND', 'There is no such key.');
}

function validate(input: NewApiKey, now: Date): Permission[] {
  const { name, permissions, expiresAt } = input;
  const forbidden = permissions.filter(isPermission).filter(permission => !isForApiKeys(permission));
  const isTooLong = expiresAt.getTime() - now.getTime() > LONGEST_MS;
  const problems = new Problems();
  problems.add('input.name', nameProblems(name));
  problems.add('input.permissions', permissionProblems(permissions));
  problems.add('input.permissions', forbidden.length > 0 ? [`no key can hold ${forbidden.join(', ')}`] : []);
  problems.add(
    'input.expiresAt',
    expiresAt <= now ? ['is over already'] : isTooLong ? ['is more than a year away'] : [],
  );
  problems.throwIfAny();
  return [...new Set(permissions.filter(isPermission))].sort();
}
