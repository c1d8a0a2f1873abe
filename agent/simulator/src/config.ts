import { parseArgs } from 'node:util';

/** What is simulated, and where. */
export interface SimulatorConfig {
  /** WebSocket address of the server's graph. */
  readonly url: string;
  readonly token: string;
  readonly devices: number;
  /** Seconds without a word from the server after which a device pings it. */
  readonly heartbeatSeconds: number;
  readonly chunks: number;
  readonly commandMs: number;
  /** Share of the links that is cut each second. */
  readonly dropPercent: number;
  /** Seconds over which the devices appear. */
  readonly rampSeconds: number;
  /** The same seed makes the same devices, in another run too. */
  readonly seed: string;
  /** Seconds between lines of progress on stderr; 0 for none. */
  readonly progressSeconds: number;
}

/** How the simulator is called; printed for --help. */
export const usage = `simulator: devices that speak the agent's protocol and run nothing

  --server URL          address of the server, http(s)://host:port
  --token TOKEN         enrolment token, good for as many devices
  --devices N           1 to 10000, default 10
  --heartbeat SECONDS   between pings of a quiet device, default 25
  --chunks N            chunks of output per command, default 5
  --command-ms MS       how long a command takes, default 50
  --drop-links PERCENT  share of the links that is cut each second, default 0
  --ramp SECONDS        over which the devices appear, default one for each 200
  --seed TEXT           the same seed makes the same devices; random by default
  --progress SECONDS    between lines of progress on stderr, default 0: none

On SIGTERM or SIGINT it prints one line of JSON: what it did.
`;

/** Reads the command line; throws an Error with all problems in plain words. */
export function readConfig(argv: string[]): SimulatorConfig {
  const text = { type: 'string' } as const;
  const names = ['server', 'token', 'devices', 'heartbeat', 'chunks', 'command-ms', 'drop-links', 'ramp'] as const;
  const options = Object.fromEntries([...names, 'seed', 'progress'].map(name => [name, text]));
  const values = parseArgs({ args: argv, options }).values as Record<string, string | undefined>;
  const problems: string[] = [];
  const number = (name: string, fallback: number, [least, most]: readonly [number, number]) => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (!(value >= least && value <= most)) problems.push(`--${name} is between ${least} and ${most}`);
    return value;
  };
  const devices = Math.floor(number('devices', 10, [1, 10_000]));
  const config = {
    url: toUrl(values.server, problems),
    token: values.token ?? '',
    devices,
    heartbeatSeconds: number('heartbeat', 25, [0.05, 3_600]),
    chunks: Math.floor(number('chunks', 5, [0, 100_000])),
    commandMs: number('command-ms', 50, [0, 86_400_000]),
    dropPercent: number('drop-links', 0, [0, 100]),
    rampSeconds: number('ramp', devices / 200, [0, 3_600]),
    seed: values.seed ?? crypto.randomUUID(),
    progressSeconds: number('progress', 0, [0, 3_600]),
  };
  if (!config.token) problems.push('no token: pass --token');
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return config;
}

function toUrl(server: string | undefined, problems: string[]): string {
  const url = URL.parse(server ?? '');
  if (!url || !/^(http|ws)s?:$/.test(url.protocol)) {
    problems.push('no server: pass --server http(s)://host:port');
    return '';
  }
  url.protocol = url.protocol.replace('http', 'ws');
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}
