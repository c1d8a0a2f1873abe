import { hostname } from 'node:os';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { Identity } from './identity.ts';
import { type MachineFacts, machineFacts } from './machine.ts';
import { isNotUnderstood, OperationError } from './operation-error.ts';
import { enrollDevice } from './operations.ts';
import { agentVersion, protocolVersion } from './version.ts';

/** The server knows the token and says no: trying again cannot help. */
export class EnrollmentRefused extends Error {}

const refusals = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND', 'PRECONDITION_FAILED']);

export interface EnrollmentOptions extends Omit<ConnectionOptions, 'credential'> {
  readonly identity: Identity;
  readonly token: string;
  readonly signal: AbortSignal;
  /** What this device says of itself; the truth by default. */
  readonly facts?: MachineFacts & { readonly hostname: string };
}

/** Registers this device; keeps trying until the server answers, throws EnrollmentRefused when it says no. */
export async function enroll(options: EnrollmentOptions): Promise<void> {
  const { identity, token, signal, log } = options;
  const { hostname: name, ...machine } = options.facts ?? { hostname: hostname(), ...machineFacts() };
  const connection = new Connection({ ...options, credential: () => undefined });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const attempt = async () => {
    try {
      const { enrollDevice: enrolled } = await register(connection, request(identity, token, name), machine);
      await identity.remember({ deviceId: enrolled.deviceId, serverKey: enrolled.serverKey });
      log.info('enrolled', { deviceId: enrolled.deviceId, status: enrolled.status });
      resolve();
    } catch (error) {
      if (!(error instanceof OperationError)) return reject(error);
      if (refusals.has(error.code)) return reject(new EnrollmentRefused(`${error.code}: ${error.message}`));
      log.warn('enrolment failed, trying again', { code: error.code });
      connection.recycle();
    }
  };
  connection.onReady(() => void attempt());
  signal.addEventListener('abort', () => resolve(), { once: true });
  connection.start();
  try {
    await promise;
  } finally {
    await connection.stop();
  }
}

/** An older server does not know the facts of the machine: it is told the rest. */
async function register(connection: Connection, input: ReturnType<typeof request>, machine: MachineFacts) {
  try {
    return await connection.execute(enrollDevice, { input: { ...input, facts: { ...input.facts, ...machine } } });
  } catch (error) {
    if (!isNotUnderstood(error)) throw error;
    return await connection.execute(enrollDevice, { input });
  }
}

function request(identity: Identity, token: string, name: string) {
  return {
    token,
    publicKey: identity.publicKey,
    proof: identity.proof(token),
    facts: { hostname: name, osFamily: 'LINUX' as const, agentVersion, protocol: protocolVersion },
  };
}
