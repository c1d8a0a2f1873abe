import { z } from 'zod';

/** The router's public key, by which a service knows whom it answers. */
export const identityPublicKey = z
  .string({ error: 'is missing: the router’s public key as JSON' })
  .transform((text, context) => {
    try {
      return z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }).parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'is not an Ed25519 public key in JSON (JWK)' });
      return z.NEVER;
    }
  })
  .describe('Public key of the router, which alone may call.');

/** The address of a service’s own database. */
export function databaseUrl(service: string) {
  return z
    .string({ error: 'is missing: the address of the PostgreSQL database, postgres://…' })
    .regex(/^postgres(ql)?:\/\//, 'is not a PostgreSQL address (postgres://…)')
    .describe(`PostgreSQL database, with the role of ${service}.`);
}

/** The port that a service listens on. */
export function servicePort(fallback: number) {
  return z.coerce
    .number({ error: 'is not a number' })
    .int('is not a port')
    .min(0, 'is not a port')
    .max(65_535, 'is not a port')
    .default(fallback)
    .describe('Port to listen on; 0 takes a free one.');
}

/** The address that a service listens on. */
export const serviceHost = z.string().default('127.0.0.1').describe('Address to listen on.');

/** The master secret, which everything sealed at rest and every database password hangs on. */
export const masterSecret = z
  .string({ error: 'is missing: the master secret of this installation' })
  .min(32, 'has at least 32 characters')
  .describe('Master secret; what is sealed at rest opens with this one only.');

/** How much a service logs. */
export const serviceLogLevel = z
  .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  .default('info')
  .describe('Least important entries that are logged.');
