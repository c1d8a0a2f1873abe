import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandOf, leaseOn, runOn } from '../testing/commands.ts';
import { anOperator, enrolDevice, startTestFleet, type TestFleet } from '../testing/fleet.ts';

const CREATE = 'mutation ($input: CreateScriptInput!) { createScript(input: $input) { script { id latestVersion } } }';
const UPDATE =
  'mutation ($input: UpdateScriptInput!) { updateScript(input: $input) { script { id name latestVersion } } }';
const SCRIPT = `query ($id: ID!) { script(id: $id) { name description latestVersion
  versions { version shell text arguments timeoutSeconds comment author { name } } } }`;

type Stored = { id: string; latestVersion: number };

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startTestFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const create = async (input: object = {}) =>
  (
    await fleet.graph<{ createScript: { script: Stored } }>(CREATE, {
      input: { name: randomUUID(), shell: 'SH', text: 'df -h', ...input },
    })
  ).createScript.script;
const update = async (scriptId: string, input: object) =>
  (await fleet.graph<{ updateScript: { script: Stored } }>(UPDATE, { input: { scriptId, ...input } })).updateScript
    .script;
const find = async (id: string) => (await fleet.graph<{ script: object | null }>(SCRIPT, { id })).script;

test('a script keeps every version with its author and why it was made', async () => {
  const { id } = await create({
    name: 'Disk space',
    description: 'How full is it',
    arguments: ['/'],
    timeoutSeconds: 9,
  });

  expect(await update(id, { text: 'df -h "$1"', comment: 'one file system' })).toMatchObject({ latestVersion: 2 });

  expect(await find(id)).toEqual({
    name: 'Disk space',
    description: 'How full is it',
    latestVersion: 2,
    versions: [
      {
        version: 2,
        shell: 'SH',
        text: 'df -h "$1"',
        arguments: ['/'],
        timeoutSeconds: 9,
        comment: 'one file system',
        author: { name: 'Ada' },
      },
      {
        version: 1,
        shell: 'SH',
        text: 'df -h',
        arguments: ['/'],
        timeoutSeconds: 9,
        comment: null,
        author: { name: 'Ada' },
      },
    ],
  });
});

test('another name is no other version; the same text neither', async () => {
  const { id } = await create();
  const name = randomUUID();

  expect(await update(id, { name, text: 'df -h' })).toMatchObject({ name, latestVersion: 1 });
});

test('two people who change one version: the later is told', async () => {
  const { id } = await create();
  await update(id, { text: 'one', baseVersion: 1 });

  await expect(update(id, { text: 'two', baseVersion: 1 })).rejects.toMatchObject({ extensions: { code: 'CONFLICT' } });
});

test('a name is of one script only', async () => {
  const name = randomUUID();
  await create({ name });

  await expect(create({ name })).rejects.toMatchObject({
    extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.name' }] },
  });
});

test('scripts are found by name and description, in order', async () => {
  await create({ name: 'Zebra list', description: 'striped' });
  await create({ name: 'Ant list', description: 'striped as well' });

  expect(await fleet.graph('{ scripts(search: "STRIPED") { nodes { name } totalCount } }')).toEqual({
    scripts: { nodes: [{ name: 'Ant list' }, { name: 'Zebra list' }], totalCount: 2 },
  });
});

test('a command runs the version that it names, else the latest, and says which', async () => {
  const { deviceId } = await enrolDevice(fleet);
  const { id: scriptId } = await create({ text: 'echo one', arguments: ['a'], timeoutSeconds: 11 });
  await update(scriptId, { text: 'echo two' });
  const wish = { scriptId, shell: undefined, script: undefined };

  await runOn(fleet, deviceId, { ...wish, scriptVersion: 1 });
  const latest = await runOn(fleet, deviceId, { ...wish, arguments: ['b'], timeoutSeconds: 12 });

  const orders = (await leaseOn(fleet, deviceId)).map(order => JSON.parse(order.envelope));
  expect(orders).toMatchObject([
    { script: 'echo one', arguments: ['a'], timeoutSeconds: 11 },
    { script: 'echo two', arguments: ['b'], timeoutSeconds: 12 },
  ]);
  expect(
    await fleet.graph('query ($id: ID!) { command(id: $id) { spec { scriptId scriptVersion } } }', { id: latest.id }),
  ).toEqual({ command: { spec: { scriptId, scriptVersion: 2 } } });
});

test('what a command ran stays readable when its script is deleted', async () => {
  const { deviceId } = await enrolDevice(fleet);
  const { id: scriptId } = await create({ text: 'echo kept' });
  const { id } = await runOn(fleet, deviceId, { scriptId, shell: undefined, script: undefined });

  await fleet.graph('mutation ($id: ID!) { deleteScript(input: { scriptId: $id }) { scriptId } }', { id: scriptId });

  expect(await find(scriptId)).toBeNull();
  expect(await commandOf(fleet, id)).toMatchObject({ spec: { script: 'echo kept' } });
});

test('a run says what to run in exactly one way, and only who may read scripts runs stored ones', async () => {
  const { deviceId } = await enrolDevice(fleet);
  const { id: scriptId } = await create();
  const path = (one: string) => ({ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: one }] } });

  await expect(runOn(fleet, deviceId, { scriptId })).rejects.toMatchObject(path('input.script'));
  await expect(runOn(fleet, deviceId, { script: undefined })).rejects.toMatchObject(path('input.script'));
  await expect(runOn(fleet, deviceId, { shell: undefined })).rejects.toMatchObject(path('input.shell'));
  const stored = { scriptId, shell: undefined, script: undefined };
  await expect(runOn(fleet, deviceId, { ...stored, scriptVersion: 9 })).rejects.toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
  const viewer = { ...anOperator(), permissions: ['command:run', 'command:read', 'device:read'] };
  await expect(runOn(fleet, deviceId, { ...stored, viewer })).rejects.toMatchObject({
    extensions: { code: 'FORBIDDEN' },
  });
});
