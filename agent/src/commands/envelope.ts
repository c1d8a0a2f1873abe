import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { LeasedCommand } from '../operations.ts';
import { interpreters, type Shell } from './interpreters.ts';

/** A command that the server signed for this device. */
export interface Job {
  readonly commandId: string;
  readonly deviceId: string;
  readonly shell: Shell;
  readonly script: string;
  readonly arguments: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly workingDirectory: string | null;
  readonly runAs: string | null;
  readonly timeoutSeconds: number;
  readonly expiresAt: string;
}

/** Either a job that may run or the reason why it may not, in words for the operator. */
export type Verified = { job: Job; refusal?: never } | { job?: never; refusal: string };

/** What the agent knows for sure while it verifies. */
export interface Trust {
  readonly deviceId: string;
  /** The server's pinned key, raw Ed25519, base64url. */
  readonly serverKey: string;
  readonly now: number;
}

/** Ids become folder names and marks: nothing else passes. */
export function isCommandId(id: unknown): id is string {
  return typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id);
}

/** Believes a command only when the pinned key signed it, for this device, with this script, and it has not expired. */
export function verifyCommand(leased: LeasedCommand, trust: Trust): Verified {
  if (!isSigned(leased, trust.serverKey))
    return { refusal: 'the command is not signed by the server this device enrolled at' };
  const envelope = parse(leased.envelope);
  if (!envelope) return { refusal: 'the command is not understood by this agent' };
  if (envelope.deviceId !== trust.deviceId) return { refusal: 'the command is meant for another device' };
  if (envelope.commandId !== leased.id) return { refusal: 'the command was handed out under another id' };
  if (sha256(envelope.script) !== envelope.scriptSha256) return { refusal: 'the script does not match its hash' };
  if (!(Date.parse(envelope.expiresAt) > trust.now)) return { refusal: 'the command expired before it could start' };
  const { version: _version, scriptSha256: _hash, ...job } = envelope;
  return { job };
}

type Envelope = Job & { version: 1; scriptSha256: string };

function parse(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text);
    return isEnvelope(value) ? value : null;
  } catch {
    return null;
  }
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { version, shell, environment, ...rest } = value as Record<string, unknown>;
  const texts = [rest.commandId, rest.deviceId, rest.script, rest.scriptSha256, rest.expiresAt];
  return (
    version === 1 &&
    typeof shell === 'string' &&
    Object.hasOwn(interpreters, shell) &&
    texts.every(text => typeof text === 'string') &&
    isNullableText(rest.workingDirectory) &&
    isNullableText(rest.runAs) &&
    Number.isInteger(rest.timeoutSeconds) &&
    Number(rest.timeoutSeconds) > 0 &&
    isTextList(rest.arguments) &&
    Array.isArray(environment) &&
    environment.every(isVariable)
  );
}

function isNullableText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function isVariable(item: unknown): boolean {
  const { name, value } = (item ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && typeof value === 'string';
}

function isSigned(leased: LeasedCommand, serverKey: string): boolean {
  const signature = Buffer.from(leased.signature, 'base64url');
  try {
    return verify(null, Buffer.from(`muster-command-v1|${leased.envelope}`), toKey(serverKey), signature);
  } catch {
    return false;
  }
}

function toKey(raw: string): KeyObject {
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw } });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
