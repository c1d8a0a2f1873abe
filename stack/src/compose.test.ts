import { accountsSchemas } from '@muster/accounts/store';
import { readRover } from '@muster/schema/rover';
import { expect, test } from 'vitest';
import { composeShape } from './compose-settings.ts';
import { processes } from './docs/processes.ts';
import { settingsOf } from './docs/setting.ts';
import { type ComposeService, readComposeFile, readProjectFile } from './testing/compose-file.ts';

const { services, networks } = readComposeFile();
const all = Object.entries(services);
const steps = ['secrets', 'provision'];
const lasting = all.filter(([name]) => !steps.includes(name));
const subgraphs = readRover(new URL('../../rover.yaml', import.meta.url).pathname);

/** What an image that is not ours is told. */
const foreign: Record<string, readonly string[]> = { postgres: ['POSTGRES_DB', 'POSTGRES_PASSWORD', 'PGDATA'] };

test.each(all)('%s has no right that it does not need', (_, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    init: true,
    pids_limit: expect.any(Number),
    mem_limit: expect.stringMatching(/^\d+[mg]$/),
    user: expect.stringMatching(/^(node|postgres)$/),
  });
  expect(service.tmpfs).toEqual([expect.stringMatching(/^\/tmp:.*nosuid,nodev/)]);
  for (const key of ['privileged', 'cap_add', 'devices', 'pid', 'ipc', 'userns_mode'])
    expect(service).not.toHaveProperty(key);
});

test.each(lasting)('%s says how it is, comes back when it dies, and waits for what it needs', (_, service) => {
  expect(service.healthcheck?.test?.[0]).toBe('CMD');
  expect(service.restart).toBe('unless-stopped');
  expect(Object.keys(service.depends_on ?? {})).not.toEqual([]);
});

test('nobody waits for a mere start', () => {
  const conditions = all.flatMap(([, { depends_on = {} }]) =>
    Object.entries(depends_on).map(([name, { condition }]) => [name, condition]),
  );

  for (const [name = '', condition] of conditions)
    expect(condition).toBe(steps.includes(name) ? 'service_completed_successfully' : 'service_healthy');
});

test('the router alone is published and alone has a network that leads outside', () => {
  const named = (key: string) => all.filter(([, service]) => key in service).map(([name]) => name);
  const open = Object.keys(networks).filter(name => networks[name]?.internal !== true);
  const outside = all.filter(([, service]) => service.networks?.some(network => open.includes(network)));

  expect(named('ports')).toEqual(['router']);
  expect(services.router?.ports).toEqual([expect.stringMatching(/^\$\{MUSTER_BIND_ADDRESS:-127\.0\.0\.1\}:/)]);
  expect(outside.map(([name]) => name)).toEqual(['router']);
  expect(services.secrets?.network_mode).toBe('none');
  // no network_mode but the one above, and nobody on Docker's default network
  expect(named('network_mode')).toEqual(['secrets']);
  expect(named('networks')).toEqual(Object.keys(services).filter(name => name !== 'secrets'));
});

test('the database is reached by the services that store, and not by the router or an agent', () => {
  const onData = all.filter(([, service]) => service.networks?.includes('data')).map(([name]) => name);

  expect(onData).toEqual(['postgres', 'provision', ...subgraphs.map(({ name }) => name)]);
});

test.each(all)('%s is told only what it reads, and secrets by file', (name, service) => {
  const process = processes.find(each => each.service === name);
  const settings = [...(process ? settingsOf(process.settings) : []), ...healthSettings()];
  const known = new Set([...settings.map(each => each.name), ...(foreign[name] ?? []), ...agentSettings(name)]);
  const secret = new Set([...settings.filter(each => each.isSecret).map(each => each.name), 'POSTGRES_PASSWORD']);

  for (const [variable, value] of Object.entries(service.environment ?? {})) {
    expect(known).toContain(variable.replace(/_FILE$/, ''));
    // an address without a password is no secret
    if (variable === 'DATABASE_URL') expect(new URL(String(value)).password).toBe('');
    else expect(secret).not.toContain(variable);
  }
});

test.each(all)('%s sees no folder of the host, and no secret that is another’s', (name, { volumes = [] }) => {
  const mounts = volumes.filter(volume => typeof volume === 'string').map(volume => volume.split(':'));
  const others = volumes.filter(volume => typeof volume !== 'string');

  for (const [source = ''] of mounts) expect(source).toMatch(/^[a-z-]+$/);
  expect(others.map(({ target }) => target)).toEqual(name === 'agent' ? ['/run/secrets/enrollment-token'] : []);
  if (steps.includes(name)) return;
  const seen = mounts.filter(([, target = '']) => target.startsWith('/secrets/'));
  const own = name === 'fleet' ? ['fleet-secret', 'master-secret'] : [`${name}-secret`];
  expect(seen.map(([source]) => source)).toEqual(name === 'agent' ? [] : own);
  for (const [, , mode] of seen) expect(mode).toBe('ro');
});

test('takes the settings that are documented, with the defaults that are documented', () => {
  const used = [...readProjectFile('docker-compose.yml').matchAll(/\$\{(\w+):-([^}]*)\}/g)];
  const documented = settingsOf(composeShape).map(({ name, fallback }) => [name, fallback] as const);

  expect(new Map(used.map(([, name = '', fallback]) => [name, fallback]))).toEqual(new Map(documented));
  for (const [, name = '', fallback] of used) expect([name, fallback]).toEqual([name, new Map(documented).get(name)]);
});

test('prepares and runs every subgraph of rover.yaml, where the supergraph expects it', () => {
  const names = subgraphs.map(({ name }) => name);
  const needs = names.map(name => (name === accountsSchemas.name ? accountsSchemas : name));

  expect(argumentsOf(services.secrets)).toEqual(names);
  expect(argumentsOf(services.provision).map(each => (each.startsWith('{') ? JSON.parse(each) : each))).toEqual(needs);
  for (const { name, routingUrl } of subgraphs) {
    const { port } = new URL(routingUrl);
    expect(services[name]?.environment).toMatchObject({
      [`${name.toUpperCase()}_PORT`]: Number(port),
      MUSTER_HEALTH_URL: `http://127.0.0.1:${port}/readyz`,
    });
    expect(services[name]?.build?.args.SERVICE).toBe(name);
    expect(services.router?.depends_on).toHaveProperty(name);
  }
});

test.each(['subgraphs/Dockerfile', 'agent/Dockerfile'])('%s ends as a user without rights', path => {
  const stage =
    readProjectFile(path)
      .split(/^FROM /m)
      .at(-1) ?? '';

  expect(stage).toMatch(/^USER node$/m);
  expect(stage.slice(stage.indexOf('USER node'))).not.toMatch(/^(RUN|COPY|ADD|USER root)/m);
  expect(stage).toMatch(/^HEALTHCHECK .*CMD \["node"/m);
  expect(stage).toMatch(/^CMD \["node"/m);
  expect(stage).toMatch(/NODE_ENV=production/);
});

function argumentsOf(service: ComposeService | undefined): readonly string[] {
  return service?.command?.slice(2) ?? [];
}

function healthSettings() {
  const health = processes.find(({ title }) => title === 'health check');
  return health ? settingsOf(health.settings) : [];
}

/** The agent has no shape: its help names what it reads. */
function agentSettings(name: string): readonly string[] {
  if (name !== 'agent') return [];
  const help = readProjectFile('agent/src/config.ts');
  return [...help.matchAll(/\bMUSTER_\w+/g)].map(([variable]) => variable);
}
