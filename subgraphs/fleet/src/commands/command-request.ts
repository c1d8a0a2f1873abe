import { createHash } from 'node:crypto';
import { badInput } from '@muster/kit/errors';
import type { ScriptText } from '../scripts/scripts.ts';
import type { StoredSpec } from './command.entity.ts';
import type { EnvironmentVariableInput, OrdersInput } from './orders.input.ts';

const MAX_SCRIPT_BYTES = 128 * 1024;
const MAX_ARGUMENTS = 100;
const MAX_VARIABLES = 200;
const MAX_TEXT = 8_192;
const MAX_TIMEOUT_SECONDS = 86_400;
const MAX_EXPIRY_SECONDS = 30 * 86_400;
const DEFAULT_TIMEOUT_SECONDS = 300;
const DEFAULT_EXPIRY_SECONDS = 86_400;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Checked orders: what to run and how, wherever. */
export interface Orders {
  readonly requestKey: string;
  readonly spec: StoredSpec;
  readonly environment: readonly EnvironmentVariableInput[];
  readonly expiresInSeconds: number;
}

/** The orders behind an input, or BAD_USER_INPUT naming the part that is wrong; `stored` is the script that it names. */
export function parseOrders(input: OrdersInput, stored: ScriptText | null): Orders {
  const environment = (input.environment ?? []).map(({ name, value }) => ({ name, value }));
  const { shell, script } = parseScript(input, stored);
  const wished = input.arguments ?? stored?.arguments ?? [];
  const timeoutSeconds = input.timeoutSeconds ?? stored?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const spec: StoredSpec = {
    shell,
    script,
    arguments: wished.map((one, index) => shortText(`input.arguments.${index}`, one)),
    environmentNames: environment.map(({ name }) => name),
    workingDirectory: input.workingDirectory ? shortText('input.workingDirectory', input.workingDirectory) : null,
    runAs: input.runAs ? shortText('input.runAs', input.runAs) : null,
    timeoutSeconds: within('input.timeoutSeconds', timeoutSeconds, MAX_TIMEOUT_SECONDS),
    ...(stored && { scriptId: stored.scriptId, scriptVersion: stored.version }),
  };
  if (spec.arguments.length > MAX_ARGUMENTS)
    throw badInput('input.arguments', `has more than ${MAX_ARGUMENTS} entries`);
  checkEnvironment(environment);
  const expiresInSeconds = input.expiresInSeconds ?? DEFAULT_EXPIRY_SECONDS;
  return {
    requestKey: parseKey(input.requestKey),
    spec,
    environment,
    expiresInSeconds: within('input.expiresInSeconds', expiresInSeconds, MAX_EXPIRY_SECONDS),
  };
}

/** The script's text as it may be stored and run, or BAD_USER_INPUT. */
export function checkScript(path: string, script: string): string {
  if (script.trim() === '') throw badInput(path, 'is empty');
  if (Buffer.byteLength(script) > MAX_SCRIPT_BYTES) throw badInput(path, `is larger than ${MAX_SCRIPT_BYTES} bytes`);
  return noNul(path, script);
}

/** The time that a script may take, or BAD_USER_INPUT. */
export function checkTimeout(path: string, seconds: number | null | undefined): number {
  return within(path, seconds ?? DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS);
}

/** Arguments of a script as they may be stored, or BAD_USER_INPUT. */
export function checkArguments(path: string, list: readonly string[] | null | undefined): string[] {
  if ((list?.length ?? 0) > MAX_ARGUMENTS) throw badInput(path, `has more than ${MAX_ARGUMENTS} entries`);
  return (list ?? []).map((one, index) => shortText(`${path}.${index}`, one));
}

/** Equal for two requests that ask for the same. */
export function hashOrders(target: unknown, { spec, environment }: Orders): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([target, spec, environment]))
    .digest();
}

function parseScript(input: OrdersInput, stored: ScriptText | null): Pick<StoredSpec, 'shell' | 'script'> {
  const { shell, script } = input;
  if (stored) {
    if (typeof script === 'string')
      throw badInput('input.script', 'stands beside scriptId; one of them says what to run');
    return { shell: stored.shell, script: stored.text };
  }
  if (typeof script !== 'string')
    throw badInput('input.script', 'is missing: give a script, or the id of a stored one');
  if (!shell) throw badInput('input.shell', 'is missing: say what interprets the script');
  return { shell, script: checkScript('input.script', script) };
}

function checkEnvironment(environment: readonly EnvironmentVariableInput[]): void {
  if (environment.length > MAX_VARIABLES) throw badInput('input.environment', `has more than ${MAX_VARIABLES} entries`);
  for (const [index, { name, value }] of environment.entries()) {
    if (!VARIABLE_NAME.test(name)) throw badInput(`input.environment.${index}.name`, 'is not a variable name');
    shortText(`input.environment.${index}.value`, value);
  }
}

function parseKey(key: string): string {
  if (key.length < 1 || key.length > 200) throw badInput('input.requestKey', 'has 1 to 200 characters');
  return noNul('input.requestKey', key);
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
