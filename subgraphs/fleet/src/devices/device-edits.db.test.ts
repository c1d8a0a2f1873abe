import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  aDeviceViewer,
  anOperator,
  applicationOf,
  createToken,
  enrolDevice,
  newKeys,
  startTestFleet,
  type TestFleet,
} from '../testing/fleet.ts';

let fleet: TestFleet;
let id: string;
beforeAll(async () => {
  fleet = await startTestFleet();
});
beforeEach(async () => {
  id = (await enrolDevice(fleet)).deviceId;
});
afterAll(() => fleet[Symbol.asyncDispose]());

let caller = anOperator();
afterEach(() => {
  caller = anOperator();
});
const edit = async <T = Record<string, unknown>>(name: string, input: object, selection: string) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { device { ${selection} } } }`;
  return (await fleet.graph<Record<string, { device: T }>>(document, { input: { deviceId: id, ...input } }, caller))[
    name
  ]!.device;
};
const found = async (search: string) =>
  (
    await fleet.graph<{ devices: { nodes: { id: string }[] } }>(
      'query ($search: String) { devices(filter: { search: $search }) { nodes { id } } }',
      { search },
    )
  ).devices.nodes.map(node => node.id);

describe('people may', () => {
  test('give a device a name that it is found by, and take it back', async () => {
    expect(await edit('renameDevice', { displayName: ' Reception ' }, 'displayName hostname')).toEqual({
      displayName: 'Reception',
      hostname: 'web-1',
    });
    expect(await found('reception')).toEqual([id]);

    expect(await edit('renameDevice', { displayName: null }, 'displayName')).toEqual({ displayName: 'web-1' });
    expect(await found('reception')).toEqual([]);
  });

  test('tag a device, find it by its tags and take them off', async () => {
    expect(await edit('setDeviceTags', { tags: ['Kiosk', 'lobby', 'kiosk'] }, 'tags')).toEqual({
      tags: ['kiosk', 'lobby'],
    });
    expect(await found('kiosk')).toEqual([id]);

    expect(await edit('setDeviceTags', { tags: [] }, 'tags')).toEqual({ tags: [] });
    expect(await found('kiosk')).toEqual([]);
  });

  test('note something about a device', async () => {
    expect(await edit('setDeviceNotes', { notes: '# Rack 3\nleft' }, 'notes')).toEqual({ notes: '# Rack 3\nleft' });
  });

  test('move a device to another organization, which both find in their trail', async () => {
    const { siteId, organizationId } = fleet.other;

    expect(await edit('moveDevice', { siteId }, 'site { id } organization { id }')).toEqual({
      site: { id: siteId },
      organization: { id: organizationId },
    });

    const trail = await fleet.sql<{ organization_id: string; action: string }>(
      `select organization_id, action from audit.event where target_id = $1 and action like 'device.moved%' order by sequence`,
      [id],
    );
    expect(trail).toEqual([
      { organization_id: organizationId, action: 'device.moved' },
      { organization_id: fleet.organizationId, action: 'device.movedAway' },
    ]);
    const former = anOperator([fleet.organizationId]);
    expect(await fleet.graph('query ($id: ID!) { device(id: $id) { id } }', { id }, former)).toEqual({ device: null });
  });

  test('move no device to a site out of sight', async () => {
    caller = anOperator([fleet.organizationId]);

    await expect(edit('moveDevice', { siteId: fleet.other.siteId }, 'id')).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
  });

  test('change nothing of a device out of sight', async () => {
    caller = anOperator([fleet.other.organizationId]);

    for (const [name, input] of [
      ['renameDevice', { displayName: 'x' }],
      ['setDeviceTags', { tags: [] }],
      ['setDeviceNotes', { notes: 'x' }],
      ['revokeDevice', {}],
      ['refreshInventory', {}],
    ] as const)
      await expect(edit(name, input, 'id')).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });
});

describe('a device that waits for approval', () => {
  const enrolPending = async () => {
    const keys = newKeys();
    const input = applicationOf(keys, await createToken(fleet, { needsApproval: true }));
    await fleet.graph('mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { deviceId } }', { input });
    id = keys.deviceId;
    return input;
  };
  const pending = async () =>
    (await fleet.graph<{ pendingDevices: { id: string }[] }>('{ pendingDevices { id } }')).pendingDevices.map(
      device => device.id,
    );

  test('is in the queue until it is let in', async () => {
    await enrolPending();
    expect(await pending()).toContain(id);

    expect(await edit('approveDevice', {}, 'status viewerCan { approve runCommand }')).toEqual({
      status: 'OFFLINE',
      viewerCan: { approve: false, runCommand: true },
    });

    expect(await pending()).not.toContain(id);
  });

  test('is cut off when it is refused, told so, and cannot come again with its key', async () => {
    const input = await enrolPending();
    const signals = await fleet.events<{ deviceSignals: object }>(
      'subscription { deviceSignals { kind } }',
      {},
      aDeviceViewer(id),
    );
    const told = signals.next();

    expect(await edit('rejectDevice', {}, 'status')).toEqual({ status: 'REVOKED' });

    expect((await told).value).toEqual({ deviceSignals: { kind: 'REVOKED' } });
    await signals.return?.();
    await expect(
      fleet.graph('mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { deviceId } }', { input }),
    ).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  test('is the only kind that can be refused', async () => {
    await expect(edit('rejectDevice', {}, 'status')).rejects.toMatchObject({
      extensions: { code: 'PRECONDITION_FAILED' },
    });
  });
});

describe('custom fields', () => {
  const define = async (name: string, kind: string) =>
    (
      await fleet.graph<{ createCustomField: { customField: { id: string } } }>(
        'mutation ($input: CreateCustomFieldInput!) { createCustomField(input: $input) { customField { id } } }',
        { input: { name, kind } },
      )
    ).createCustomField.customField.id;
  const VALUES = 'customFields { field { name kind } value }';

  test('take values of their kind and give them back as text', async () => {
    const [price, owner, isLeased] = [
      await define('Price', 'NUMBER'),
      await define('Owner', 'TEXT'),
      await define('Leased', 'BOOLEAN'),
    ];
    const values = [
      { customFieldId: price, value: '12.50' },
      { customFieldId: owner, value: 'Ada' },
      { customFieldId: isLeased, value: 'true' },
    ];

    expect(await edit('setDeviceCustomFields', { values }, VALUES)).toEqual({
      customFields: [
        { field: { name: 'Leased', kind: 'BOOLEAN' }, value: 'true' },
        { field: { name: 'Owner', kind: 'TEXT' }, value: 'Ada' },
        { field: { name: 'Price', kind: 'NUMBER' }, value: '12.5' },
      ],
    });
    const cleared = [{ customFieldId: owner, value: null }];
    expect(await edit('setDeviceCustomFields', { values: cleared }, 'customFields { value }')).toEqual({
      customFields: [{ value: 'true' }, { value: '12.5' }],
    });
    const bad = [{ customFieldId: price, value: 'cheap' }];
    await expect(edit('setDeviceCustomFields', { values: bad }, 'id')).rejects.toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.values.0.value' }] },
    });
  });

  test('are gone with their values when they are deleted, and have one name each', async () => {
    const field = await define('Room', 'TEXT');
    await expect(define(' Room ', 'TEXT')).rejects.toMatchObject({ extensions: { fields: [{ path: 'input.name' }] } });
    await edit('setDeviceCustomFields', { values: [{ customFieldId: field, value: '12' }] }, 'id');

    await fleet.graph('mutation ($id: ID!) { deleteCustomField(input: { customFieldId: $id }) { customFieldId } }', {
      id: field,
    });

    const [row] = await fleet.sql<{ custom_fields: object }>('select custom_fields from fleet.device where id = $1', [
      id,
    ]);
    expect(row!.custom_fields).toEqual({});
  });
});
