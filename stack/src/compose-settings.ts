import { z } from 'zod';

/** What docker-compose.yml can be told. */
export const composeShape = {
  MUSTER_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://localhost:4400')
    .describe('Where people and agents reach this installation.'),
  MUSTER_BIND_ADDRESS: z
    .string()
    .default('127.0.0.1')
    .describe('Address of this machine that the router is published on; a proxy in front ends TLS.'),
  MUSTER_TRUSTED_PROXIES: z
    .string()
    .default('')
    .describe('Networks of reverse proxies, comma-separated: X-Forwarded-For and -Proto are believed from them only.'),
  MUSTER_PORT: z.coerce.number().int().min(1).max(65_535).default(4400).describe('Port that it is published on.'),
  MUSTER_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('How much router and services log.'),
  MUSTER_ENROLLMENT_TOKEN_FILE: z
    .string()
    .default('./.muster/enrollment-token')
    .describe('File with the token that the agent of the profile `agent` enrols with, once.'),
  NODE_IMAGE: z.string().default('node:24-slim').describe('What the images are built on; pin it by digest.'),
  POSTGRES_IMAGE: z.string().default('postgres:18').describe('The database, version 15 or newer.'),
} as const;
