// A process of its own for a test that stops, freezes or kills it: the fixture's fleet, whose device changes all the time.
import { createIdentityVerifier } from '@muster/kit/auth/identity';
import { createLog } from '@muster/kit/log';
import { serve } from '@muster/kit/serve';
import { FixtureWorld, fixtureServices } from './graph.ts';

const [publicJwk = '{}', port = '0'] = process.argv.slice(2);
const world = new FixtureWorld();
const fleet = fixtureServices(world).find(({ name }) => name === 'fleet');
if (!fleet) throw new Error('the fixture has no fleet');
const verify = await createIdentityVerifier(JSON.parse(publicJwk), 'fleet');
const served = await serve(fleet, {
  host: '127.0.0.1',
  port: Number(port),
  verify,
  log: createLog({ level: 'silent' }),
});
let sequence = 0;
setInterval(() => world.change('d1', ++sequence), 20);
process.stdout.write(`${served.url}\n`);
