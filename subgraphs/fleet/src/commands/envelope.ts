import { createHash } from 'node:crypto';
import type { ServerKey } from '../identity/server-key.ts';
import type { StoredSpec } from './command.entity.ts';

/** What an order consists of before it is signed. */
export interface Order {
  readonly commandId: string;
  readonly deviceId: string;
  readonly spec: StoredSpec;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: Date;
}

/** The order as the agent believes it: bound to command, device, script and time by the server's signature. */
export function signOrder(key: ServerKey, order: Order): { envelope: string; signature: string } {
  const { shell, script, arguments: args, workingDirectory, runAs, timeoutSeconds } = order.spec;
  const envelope = JSON.stringify({
    version: 1,
    commandId: order.commandId,
    deviceId: order.deviceId,
    shell,
    script,
    scriptSha256: createHash('sha256').update(script).digest('hex'),
    arguments: args,
    environment: order.environment,
    workingDirectory,
    runAs,
    timeoutSeconds,
    issuedAt: new Date().toISOString(),
    expiresAt: order.expiresAt.toISOString(),
  });
  return { envelope, signature: key.sign(`muster-command-v1|${envelope}`) };
}
