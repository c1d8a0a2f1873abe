import { createHash } from 'node:crypto';
import { badInput } from '@muster/kit/errors';
import type { StoredSpec } from './command.entity.ts';
import type { EnvironmentVariableInput, RunCommandInput } from './command.input.ts';

const MAX_SCRIPT_BYTES = 128 * 1024;
const MAX_ARGUMENTS = 100;
const MAX_TEXT = 8_192;
const MAX_TIMEOUT_SECONDS = 86_400;
const MAX_EXPIRY_SECONDS = 30 * 86_400;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** A checked wish to run something. */
export interface CommandRequest {
  readonly deviceId: string;
  readonly requestKey: string;
  readonly spec: StoredSpec;
  readonly environment: readonly EnvironmentVariableInput[];
  readonly expiresInSeconds: number;
  /** Equal for two requests that ask for the same. */
  readonly hash: Buffer;
}

/** The request behind an input, or BAD_USER_INPUT naming the part that is wrong. */
export function parseRequest(input: RunCommandInput): CommandRequest {
  const environment = (input.environment ?? []).map(({ name, value }) => ({ name, value }));
  const spec: StoredSpec = {
    shell: input.shell,
    script: noNul('input.script', input.script),
    arguments: (input.arguments ?? []).map((one, index) => shortText(`input.arguments.${index}`, one)),
    environmentNames: environment.map(({ name }) => name),
    workingDirectory: input.workingDirectory ? shortText('input.workingDirectory', input.workingDirectory) : null,
    runAs: input.runAs ? shortText('input.runAs', input.runAs) : null,
    timeoutSeconds: within('input.timeoutSeconds', input.timeoutSeconds ?? 300, MAX_TIMEOUT_SECONDS),
  };
  const expiresInSeconds = within('input.expiresInSeconds', input.expiresInSeconds ?? 86_400, MAX_EXPIRY_SECONDS);
  if (spec.script.trim() === '') throw badInput('input.script', 'is empty');
  if (Buffer.byteLength(spec.script) > MAX_SCRIPT_BYTES)
    throw badInput('input.script', `is larger than ${MAX_SCRIPT_BYTES} bytes`);
  if (spec.arguments.length > MAX_ARGUMENTS)
    throw badInput('input.arguments', `has more than ${MAX_ARGUMENTS} entries`);
  if (input.requestKey.length < 1 || input.requestKey.length > 200)
    throw badInput('input.requestKey', 'has 1 to 200 characters');
  for (const [index, { name, value }] of environment.entries()) {
    if (!VARIABLE_NAME.test(name)) throw badInput(`input.environment.${index}.name`, 'is not a variable name');
    shortText(`input.environment.${index}.value`, value);
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([input.deviceId, spec, environment]))
    .digest();
  return {
    deviceId: input.deviceId,
    requestKey: noNul('input.requestKey', input.requestKey),
    spec,
    environment,
    expiresInSeconds,
    hash,
  };
}

function noNul(path: string, text: string): string {
  if (text.includes('\0')) throw badInput(path, 'holds a NUL character');
  return text;
}

function shortText(path: string, text: string): string {
  if (text.length > MAX_TEXT) throw badInput(path, `is longer than ${MAX_TEXT} characters`);
  return noNul(path, text);
}

function within(path: string, value: number, most: number): number {
  if (value < 1 || value > most) throw badInput(path, `is between 1 and ${most}`);
  return value;
}
