// A process of its own: the services of the benchmark on the network.
import { createIdentityVerifier } from '@muster/kit/auth/identity';
import { createLog } from '@muster/kit/log';
import { serve } from '@muster/kit/serve';
import { answerParent, cpu } from './child.ts';
import { createWorld, publishNow, SKELETON_KEY, viewer } from './fixture.ts';

const { publicJwk } = JSON.parse(process.argv[2] ?? '{}');
const { world, services } = createWorld();
const urls: Record<string, string> = {};
for (const service of services) {
  const verifyOurs = await createIdentityVerifier(publicJwk, service.name);
  const verify: typeof verifyOurs = async token =>
    token === SKELETON_KEY ? { viewer, requestId: 'bench' } : verifyOurs(token);
  const options = { host: '127.0.0.1', port: 0, verify, log: createLog({ level: 'silent' }) };
  urls[service.name] = (await serve(service, options)).url;
}

async function publish({ count, everyMs }: { count: number; everyMs: number }): Promise<void> {
  for (let sequence = 1; sequence <= count; sequence += 1) {
    publishNow(world, sequence);
    await new Promise(resolve => setTimeout(resolve, everyMs));
  }
}

answerParent({ urls: () => urls, cpu, publish, topics: () => world.opened.length });
