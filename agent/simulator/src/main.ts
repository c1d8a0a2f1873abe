import { createLog, messageOf } from '../../src/log.ts';
import { readConfig, type SimulatorConfig, usage } from './config.ts';
import { Simulator } from './simulator.ts';

/** After sysexits.h, as the agent's own. */
const exits = { ok: 0, failure: 70, configuration: 78 } as const;

process.exitCode = await main(process.argv.slice(2));
process.exit();

async function main(argv: string[]): Promise<number> {
  if (argv.includes('--help')) {
    process.stdout.write(usage);
    return exits.ok;
  }
  let config: SimulatorConfig;
  try {
    config = readConfig(argv);
  } catch (error) {
    process.stderr.write(`simulator: ${messageOf(error)}\n`);
    return exits.configuration;
  }
  return run(config);
}

async function run(config: SimulatorConfig): Promise<number> {
  const log = createLog();
  // A line for each event of each device would drown everything: only what stands in the way of all is told.
  const simulator = new Simulator(config, { info: () => undefined, warn: () => undefined, error: log.error });
  const stopped = new Promise<number>(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(exits.ok));
  });
  const { progressSeconds } = config;
  if (progressSeconds > 0) setInterval(() => log.info('progress', { ...simulator.summary }), progressSeconds * 1_000);
  const failed = simulator.start().then(
    () => stopped,
    () => exits.failure,
  );
  const status = await Promise.race([stopped, failed]);
  process.stdout.write(`${JSON.stringify(simulator.summary)}\n`);
  await simulator.stop();
  return status;
}
