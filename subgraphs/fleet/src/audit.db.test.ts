import { randomUUID } from 'node:crypto';
import type { Viewer } from '@muster/kit/auth/viewer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  aDeviceViewer,
  anOperator,
  applicationOf,
  createToken,
  enrolDevice,
  newKeys,
  startTestFleet,
  type TestFleet,
} from './testing/fleet.ts';

/** What agents report of themselves is data, not an act of somebody; it is kept as commands, output and inventory. */
const OF_AGENTS = ['reportInventory', 'leaseCommands', 'reportCommands', 'reportPresence'];

let fleet: TestFleet;
let deviceId: string;
const operator: Viewer = anOperator();
beforeAll(async () => {
  // every second case is a defect on purpose
  fleet = await startTestFleet({}, { logLevel: 'silent' });
  deviceId = (await enrolDevice(fleet)).deviceId;
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** Of each mutation an input that succeeds, and the action that its audit row names. */
const CASES: Record<string, { action: string; selection: string; input: () => Promise<object> | object }> = {
  createEnrollmentToken: {
    action: 'enrollmentToken.created',
    selection: 'token',
    input: () => ({ siteId: fleet.siteId }),
  },
  revokeEnrollmentToken: {
    action: 'enrollmentToken.revoked',
    selection: 'enrollmentToken { id }',
    input: async () => {
      await createToken(fleet);
      const [row] = await fleet.sql<{ id: string }>('select id from fleet.enrollment_token order by id desc limit 1');
      return { enrollmentTokenId: row!.id };
    },
  },
  enrollDevice: {
    action: 'device.enrolled',
    selection: 'deviceId',
    input: async () => applicationOf(newKeys(), await createToken(fleet)),
  },
  approveDevice: { action: 'device.approved', selection: 'device { id }', input: pendingDevice },
  rejectDevice: { action: 'device.rejected', selection: 'device { id }', input: pendingDevice },
  revokeDevice: {
    action: 'device.revoked',
    selection: 'device { id }',
    input: async () => ({ deviceId: (await enrolDevice(fleet)).deviceId }),
  },
  moveDevice: {
    action: 'device.moved',
    selection: 'device { id }',
    input: () => ({ deviceId, siteId: fleet.siteId }),
  },
  renameDevice: { action: 'device.renamed', selection: 'device { id }', input: () => ({ deviceId, displayName: 'a' }) },
  setDeviceTags: { action: 'device.tagged', selection: 'device { id }', input: () => ({ deviceId, tags: ['a'] }) },
  setDeviceNotes: { action: 'device.noted', selection: 'device { id }', input: () => ({ deviceId, notes: 'a' }) },
  refreshInventory: { action: 'device.inventoryRequested', selection: 'device { id }', input: () => ({ deviceId }) },
  createCustomField: {
    action: 'customField.created',
    selection: 'customField { id }',
    input: () => ({ name: randomUUID(), kind: 'TEXT' }),
  },
  deleteCustomField: {
    action: 'customField.deleted',
    selection: 'customFieldId',
    input: async () => ({ customFieldId: await newField() }),
  },
  setDeviceCustomFields: {
    action: 'device.customFieldsSet',
    selection: 'device { id }',
    input: async () => ({ deviceId, values: [{ customFieldId: await newField(), value: 'a' }] }),
  },
  runCommand: { action: 'command.requested', selection: 'command { id }', input: () => order({ deviceId }) },
  cancelCommand: {
    action: 'command.cancelled',
    selection: 'command { id }',
    input: async () => ({ commandId: await newId('runCommand', 'command', order({ deviceId })) }),
  },
  runJob: {
    action: 'job.requested',
    selection: 'job { id }',
    input: () => order({ target: { deviceIds: [deviceId] } }),
  },
  cancelJob: {
    action: 'job.cancelled',
    selection: 'job { id }',
    input: async () => ({ jobId: await newId('runJob', 'job', order({ target: { deviceIds: [deviceId] } })) }),
  },
  createScript: { action: 'script.created', selection: 'script { id }', input: () => newScript() },
  updateScript: {
    action: 'script.updated',
    selection: 'script { id }',
    input: async () => ({ scriptId: await newId('createScript', 'script', newScript()), text: 'false' }),
  },
  deleteScript: {
    action: 'script.deleted',
    selection: 'scriptId',
    input: async () => ({ scriptId: await newId('createScript', 'script', newScript()) }),
  },
};

test('every mutation is listed here, or is an agent’s report', () => {
  const names = Object.keys(fleet.service.schema.getMutationType()!.getFields());

  expect(names.sort()).toEqual([...Object.keys(CASES), ...OF_AGENTS].sort());
});

test.each(Object.keys(CASES))('%s leaves an audit row that names who did it', async name => {
  const { action, input } = CASES[name]!;
  const given = await input();
  const before = await lastSequence();

  await call(name, given);

  const rows = await fleet.sql<{ action: string; actor_id: string; outcome: string; target_id: string }>(
    'select action, actor_id, outcome, target_id from audit.event where sequence > $1',
    [before],
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ action, outcome: 'SUCCEEDED', target_id: expect.any(String) });
  if (name !== 'enrollDevice') expect(rows[0]!.actor_id).toBe(operator.id);
});

test.each(Object.keys(CASES))('%s changes nothing where its audit row cannot be written', async name => {
  const given = await CASES[name]!.input();
  const before = await fingerprint();
  await fleet.sql('alter table audit.event add constraint closed check (false) not valid');

  const call_ = call(name, given).finally(() => fleet.sql('alter table audit.event drop constraint closed'));

  await expect(call_).rejects.toMatchObject({ extensions: { code: 'INTERNAL' } });
  expect(await fingerprint()).toBe(before);
});

async function call(name: string, input: object, selection = CASES[name]!.selection): Promise<Record<string, never>> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  return fleet.graph(document, { input }, operator);
}

async function newId(name: string, noun: string, input: object): Promise<string> {
  const answer = (await call(name, input)) as Record<string, Record<string, { id: string }>>;
  return answer[name]![noun]!.id;
}

const newField = () => newId('createCustomField', 'customField', { name: randomUUID(), kind: 'TEXT' });
const newScript = () => ({ name: randomUUID(), shell: 'SH', text: 'true' });
const order = (target: object) => ({ requestKey: randomUUID(), shell: 'SH', script: 'true', ...target });

async function pendingDevice(): Promise<object> {
  const keys = await enrolDevice(fleet, 'pending', { needsApproval: true });
  return { deviceId: keys.deviceId };
}

async function lastSequence(): Promise<string> {
  const [row] = await fleet.sql<{ last: string }>('select coalesce(max(sequence), 0) as last from audit.event');
  return row!.last;
}

/** Everything that the service stores, as one hash. */
async function fingerprint(): Promise<string> {
  const tables = ['device', 'enrollment_token', 'command', 'job', 'script', 'script_version', 'custom_field'];
  const parts = tables.map(
    table => `(select coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from fleet.${table} t)`,
  );
  const [row] = await fleet.sql<{ hash: string }>(`select ${parts.join(" || '.' || ")} as hash`);
  return row!.hash;
}

test('an agent’s reports are refused for everybody but devices', async () => {
  for (const name of OF_AGENTS) {
    const input = name === 'reportPresence' ? '{ agentTime: "2026-01-01T00:00:00Z" }' : '{}';
    const lists = { reportInventory: '{ sections: [] }', reportCommands: '{ commands: [] }' } as Record<string, string>;
    const selection = {
      reportInventory: 'acceptedSections',
      leaseCommands: 'commands { id }',
      reportCommands: 'acknowledged { isFinal }',
      reportPresence: 'serverTime',
    };
    const document = `mutation { ${name}(input: ${lists[name] ?? input}) { ${selection[name as keyof typeof selection]} } }`;
    await expect(fleet.graph(document, {}, operator)).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    await fleet.graph(document, {}, aDeviceViewer(deviceId));
  }
});
