import { type Logger, pino } from 'pino';

/** A structured logger; child loggers carry their service's name. */
export type Log = Logger;

const SECRET_PATHS = [
  'authorization',
  'cookie',
  'token',
  'password',
  'secret',
  'script',
  'credential',
  'environment',
  'text',
];

/** A JSON logger on stderr; values under secret names never leave it. */
export function createLog(options: { level?: string; service?: string } = {}): Log {
  const redact = { paths: SECRET_PATHS.flatMap(name => [name, `*.${name}`]), censor: '[redacted]' };
  const base = options.service ? { service: options.service } : {};
  return pino(
    { level: options.level ?? 'info', base, redact, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
}
