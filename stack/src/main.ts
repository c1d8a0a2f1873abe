import { join } from 'node:path';
import { ConfigError, EXIT_CONFIG } from '@muster/kit/config';
import { AppError } from '@muster/kit/errors';
import { loadStackConfig, type StackConfig } from './config.ts';
import { LocalAgent } from './local-agent.ts';
import { type Stack, startStack } from './stack.ts';
import { EXIT_UNAVAILABLE, StartError } from './start-error.ts';

const say = (line: string): void => console.log(line);

/** Runs the stack until a signal, says where it is, and resolves with the exit code. */
async function main(): Promise<number> {
  // whoever read this output may be gone before the stack is
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const stopped = new Promise<void>(resolve => {
    // a second Ctrl-C must not break off an orderly end
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  const config = loadStackConfig();
  await using stack = await startStack(config);
  await announce(stack, config);
  await using _agent = config.hasAgent
    ? new LocalAgent({ stack, dataDirectory: join(config.dataDirectory, 'agent'), say })
    : undefined;
  await stopped;
  say('Stopping …');
  return 0;
}

async function announce(stack: Stack, config: StackConfig): Promise<void> {
  say(`\nMuster runs at ${stack.url}`);
  if (!(await stack.setup.isComplete())) {
    say(`Set it up here, once: ${stack.url}/setup#secret=${stack.setup.secret}`);
  }
  if (config.hasAgent) say('This machine is enrolled as soon as the set-up is done.');
  say('Ctrl-C stops everything.\n');
}

function explain(error: unknown): number {
  if (error instanceof ConfigError) {
    console.error(error.message);
    return EXIT_CONFIG;
  }
  if (error instanceof StartError || error instanceof AppError) {
    console.error(`${error.code}: ${error.message}`);
    return EXIT_UNAVAILABLE;
  }
  console.error(error);
  return 1;
}

process.exit(await main().catch(explain));
