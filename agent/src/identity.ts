import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { readJson, readText, writeDurably } from './files.ts';

/** What enrolment gave: the device's id and the key by which the server signs commands. */
export interface Enrolled {
  readonly deviceId: string;
  readonly serverKey: string;
  /** When the server cut this device off, which is for good. */
  readonly revokedAt?: string;
}

const tokenSeconds = 60;

/** The device's own key pair, made here and never leaving, with what enrolment tied to it. */
export class Identity {
  /** Null keeps everything in memory only. */
  readonly #folder: string | null;
  readonly #key: KeyObject;
  #enrolled: Enrolled | null;

  private constructor(folder: string | null, key: KeyObject, enrolled: Enrolled | null) {
    this.#folder = folder;
    this.#key = key;
    this.#enrolled = enrolled;
  }

  /** Opens the identity in a data folder, making the key at the first start. */
  static async open(folder: string): Promise<Identity> {
    const enrolled = readJson<Enrolled>(join(folder, 'enrollment.json'));
    const pem = readText(join(folder, 'device-key.pem'));
    if (pem !== null) return new Identity(folder, createPrivateKey(pem), enrolled);
    if (enrolled)
      throw new Error(`${folder} holds an enrolment but not its device key: restore it or empty the folder`);
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeDurably(join(folder, 'device-key.pem'), String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    return new Identity(folder, privateKey, null);
  }

  /** An identity that ends with this process. */
  static inMemory(key: KeyObject): Identity {
    return new Identity(null, key, null);
  }

  get enrolled(): Enrolled | null {
    return this.#enrolled;
  }

  /** The raw public key, base64url. */
  get publicKey(): string {
    return String(this.#key.export({ format: 'jwk' }).x);
  }

  /** Proves to the server that whoever shows the token also holds the key. */
  proof(token: string): string {
    return this.#sign(`muster-enroll-v1|${token}|${this.publicKey}`);
  }

  /** Keeps what enrolment gave, durably, before the first use. */
  async remember(enrolled: Enrolled): Promise<void> {
    if (this.#folder !== null) await writeDurably(join(this.#folder, 'enrollment.json'), JSON.stringify(enrolled));
    this.#enrolled = enrolled;
  }

  /** Keeps that the server cut this device off, so that no later start asks again. */
  async revoke(at: string): Promise<void> {
    if (this.#enrolled) await this.remember({ ...this.#enrolled, revokedAt: at });
  }

  /** A credential for one connection, good for a minute. */
  jwt(nowMs: number): string {
    const deviceId = this.#enrolled?.deviceId;
    if (!deviceId) throw new Error('the device is not enrolled');
    const iat = Math.floor(nowMs / 1000);
    const jti = randomBytes(16).toString('base64url');
    const header = encode({ alg: 'EdDSA', typ: 'muster-device+jwt', kid: deviceId });
    const body = `${header}.${encode({ sub: deviceId, aud: 'muster', iat, exp: iat + tokenSeconds, jti })}`;
    return `${body}.${this.#sign(body)}`;
  }

  #sign(text: string): string {
    return sign(null, Buffer.from(text), this.#key).toString('base64url');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
