import { fileURLToPath } from 'node:url';
import { accountsShape } from '@muster/accounts/config';
import { fleetShape } from '@muster/fleet/config';
import { healthShape, provisionShape, secretsShape } from '@muster/kit/bin/config';
import { routerShape, serviceUrlShape } from '@muster/router/config';
import { readRover } from '@muster/schema/rover';
import { composeShape } from '../compose-settings.ts';
import { stackShape } from '../config.ts';
import type { Settings } from './setting.ts';

/** Something that is configured by environment variables. */
export interface Process {
  readonly title: string;
  /** Its service in docker-compose.yml. */
  readonly service?: string;
  readonly about: string;
  readonly settings: Settings;
}

const ROVER_FILE = fileURLToPath(new URL('../../../rover.yaml', import.meta.url));
const routingUrls = new Map(readRover(ROVER_FILE).map(({ name, routingUrl }) => [name, routingUrl]));

/** Everything of Muster that reads settings, but the agent. */
export const processes: readonly Process[] = [
  {
    title: 'npm start',
    about: 'Everything in one process. `--agent` also enrols and runs an agent for this machine.',
    settings: stackShape,
  },
  {
    title: 'docker-compose.yml',
    about: 'In the environment of Compose, or in a file `.env` beside it (`.env.example` is a start).',
    settings: composeShape,
  },
  {
    title: 'router',
    service: 'router',
    about: 'The one door: graph, sockets, console.',
    settings: { ...routerShape, ...serviceUrlShape(routingUrls) },
  },
  {
    title: 'accounts',
    service: 'accounts',
    about: 'People, tenants, sessions.',
    settings: accountsShape,
  },
  { title: 'fleet', service: 'fleet', about: 'Devices, inventory, commands.', settings: fleetShape },
  {
    title: 'secrets',
    service: 'secrets',
    about: 'The step that makes what is secret to each part, once.',
    settings: secretsShape,
  },
  {
    title: 'provision',
    service: 'provision',
    about: 'The step that gives each service its role and schema.',
    settings: provisionShape,
  },
  { title: 'health check', about: 'Of every container.', settings: healthShape },
];
