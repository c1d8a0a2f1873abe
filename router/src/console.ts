import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';

/** Serves a request; true where it took it. */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse) => boolean;

const FALLBACK = '200.html';
const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** Serves nothing: for a router without a console. */
export const noConsole: StaticFiles = () => false;

/**
 * The built console: precompressed files, hashed ones cached for ever, pages never; every path without a file is the
 * console's own. Its pages run the scripts they were built with and no others.
 */
export function serveConsole(directory: string): StaticFiles {
  const policy = contentPolicy(directory);
  const files = sirv(directory, {
    brotli: true,
    gzip: true,
    etag: true,
    single: FALLBACK,
    setHeaders: (response, pathname) => {
      const isImmutable = pathname.startsWith('/_app/immutable/');
      response.setHeader('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      response.setHeader('content-security-policy', policy);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'same-origin');
    },
  });
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    let isTaken = true;
    files(request, response, () => {
      isTaken = false;
    });
    return isTaken;
  };
}

/** Inline scripts of the build are allowed by their hash. */
function contentPolicy(directory: string): string {
  const pages = readdirSync(directory).filter(name => name.endsWith('.html'));
  const scripts = pages.flatMap(name => [...readFileSync(join(directory, name), 'utf8').matchAll(INLINE_SCRIPT)]);
  const hashes = scripts.map(([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'self'",
    ["script-src 'self'", ...new Set(hashes)].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
