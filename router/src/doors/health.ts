import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceLink } from '../links/service-link.ts';

/** Answers /healthz (the process lives) and /readyz (every service answers, by name); false for any other path. */
export async function answerHealth(
  services: ReadonlyMap<string, ServiceLink>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.url === '/healthz') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    return true;
  }
  if (request.url !== '/readyz') return false;
  const states = await Promise.all(
    [...services.values()].map(async link => {
      const isReady = await link.checkReady().then(
        () => true,
        () => false,
      );
      return [link.name, isReady] as const;
    }),
  );
  const isReady = states.every(([, isServiceReady]) => isServiceReady);
  response.writeHead(isReady ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ isReady, services: Object.fromEntries(states) }));
  return true;
}
