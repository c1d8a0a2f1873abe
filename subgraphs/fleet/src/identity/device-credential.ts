import type { Viewer } from '@muster/kit/auth/viewer';
import type { Database } from '@muster/kit/database/database';
import { isId } from '@muster/kit/ids';
import DataLoader from 'dataloader';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { toKeyObject } from './device-key.ts';

/** Permission that devices hold, and nobody else: to report on themselves. */
export const AGENT_PERMISSION = 'agent:report';

const TYPE = 'muster-device+jwt';
const TOLERANCE_SECONDS = 60;
const MAX_TOKEN_AGE_SECONDS = 60;
/** A connection may stay this long before it proves its key again. */
const CONNECTION_SECONDS = 24 * 3600;
const MAX_REMEMBERED = 100_000;

/** A verified device and how long the router may believe it. */
export interface DeviceAuthenticationResult {
  readonly viewer: Viewer;
  readonly expiresAt: Date;
}

interface KeyRow {
  readonly id: string;
  readonly public_key: Buffer;
  readonly hostname: string;
}

/** All questions of one turn of the event loop go together. */
const batchScheduleFn = (run: () => void): void => void setImmediate(run);

/** Verifies the tokens that devices sign for each connection; each token counts once. */
export class DeviceCredentials {
  readonly #database: Database;
  readonly #used = new Map<string, number>();
  readonly #keys: DataLoader<string, KeyRow | null>;

  constructor(database: Database) {
    this.#database = database;
    // thousands of agents that come back at once ask for their keys with one statement; nothing is remembered
    this.#keys = new DataLoader(ids => this.#readKeys(ids), { cache: false, maxBatchSize: 5_000, batchScheduleFn });
  }

  /** The device behind the token, or null for anything unknown, revoked, badly signed, stale or used before. */
  async verify(token: string): Promise<DeviceAuthenticationResult | null> {
    const deviceId = keyIdOf(token);
    if (!deviceId) return null;
    const device = await this.#keys.load(deviceId.toLowerCase());
    if (!device || !(await this.#isValid(token, deviceId, device.public_key))) return null;
    return { viewer: viewerOf(deviceId, device.hostname), expiresAt: new Date(Date.now() + CONNECTION_SECONDS * 1000) };
  }

  async #readKeys(ids: readonly string[]): Promise<(KeyRow | null)[]> {
    const { rows } = await this.#database.pool.query<KeyRow>({
      name: 'device-keys',
      text: `select id, public_key, hostname from device where id = any($1) and status <> 'REVOKED'`,
      values: [ids],
    });
    const byId = new Map(rows.map(row => [row.id, row]));
    return ids.map(id => byId.get(id) ?? null);
  }

  async #isValid(token: string, deviceId: string, publicKey: Buffer): Promise<boolean> {
    const options = {
      algorithms: ['EdDSA'],
      typ: TYPE,
      audience: 'muster',
      subject: deviceId,
      clockTolerance: TOLERANCE_SECONDS,
      maxTokenAge: MAX_TOKEN_AGE_SECONDS,
      requiredClaims: ['exp', 'iat', 'jti'],
    };
    const verified = await jwtVerify(token, toKeyObject(publicKey), options).catch(() => null);
    return verified !== null && this.#isFirstUse(`${deviceId}|${verified.payload.jti}`);
  }

  #isFirstUse(key: string): boolean {
    const now = Date.now();
    for (const [known, until] of this.#used) {
      if (until > now && this.#used.size < MAX_REMEMBERED) break;
      this.#used.delete(known);
    }
    if (this.#used.has(key)) return false;
    this.#used.set(key, now + (MAX_TOKEN_AGE_SECONDS + 2 * TOLERANCE_SECONDS) * 1000);
    return true;
  }
}

function keyIdOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return kid && isId(kid) ? kid : undefined;
  } catch {
    return undefined;
  }
}

function viewerOf(id: string, name: string): Viewer {
  return { kind: 'DEVICE', id, name, permissions: [AGENT_PERMISSION], scope: { kind: 'ORGANIZATIONS', ids: [] } };
}
