import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, followOutput, onlineDevice, runCommand, wholeOutput } from './support/commands.ts';
import { administrator, GraphCaller, setUp } from './support/graph.ts';
import { processesMentioning } from './support/processes.ts';
import { type StackProcess, startStackProcess } from './support/stack-process.ts';

let stack: StackProcess;
let ada: GraphCaller;
let anybody: GraphCaller;
let deviceId: string;

beforeAll(async () => {
  stack = await startStackProcess({ hasAgent: true, env: { MUSTER_UI: 'off' } });
  anybody = new GraphCaller(stack.url);
  ada = await setUp(stack);
  deviceId = await onlineDevice(ada);
});
afterAll(async () => {
  await ada?.[Symbol.asyncDispose]();
  await anybody?.[Symbol.asyncDispose]();
  await stack?.[Symbol.asyncDispose]();
});

describe('a command', () => {
  test('streams stdout and stderr apart while it runs and ends FAILED with its exit code', async () => {
    const script = 'for i in 1 2 3; do echo "out $i"; echo "err $i" >&2; sleep 0.4; done; exit 7';
    const id = await runCommand(ada, { deviceId, script });
    const arrivals: number[] = [];
    const text = { STDOUT: '', STDERR: '' };

    for await (const chunk of followOutput(ada, id)) {
      arrivals.push(performance.now());
      text[chunk.stream] += chunk.text;
    }

    expect(text).toEqual({ STDOUT: 'out 1\nout 2\nout 3\n', STDERR: 'err 1\nerr 2\nerr 3\n' });
    // it was told while it ran, not at the end: the first and the last piece are as far apart as the script's own waits
    expect(arrivals.at(-1)! - arrivals[0]!).toBeGreaterThan(600);
    expect(await endOf(ada, id)).toMatchObject({ status: 'FAILED', exitCode: 7 });
  });

  test('that takes longer than its timeout ends TIMED_OUT and leaves no process, however it hides', async () => {
    const mark = randomUUID();
    const script = `sh -c 'sleep 300; : ${mark}' & (setsid sh -c 'sleep 300; : ${mark}' &) ; sh -c 'sleep 300; : ${mark}'`;

    const id = await runCommand(ada, { deviceId, script, timeoutSeconds: 1 });

    expect(await endOf(ada, id)).toMatchObject({ status: 'TIMED_OUT' });
    expect(processesMentioning(mark)).toEqual([]);
  });

  test('is the same command for the same request key', async () => {
    const input = { deviceId, script: 'echo once', requestKey: randomUUID() };

    const ids = await Promise.all([runCommand(ada, input), runCommand(ada, input), runCommand(ada, input)]);

    expect(new Set(ids).size).toBe(1);
    expect((await wholeOutput(ada, ids[0]!)).map(chunk => chunk.text)).toEqual(['once\n']);
  });

  test('that is cancelled ends CANCELLED', async () => {
    const id = await runCommand(ada, { deviceId, script: 'echo started; sleep 300' });
    for await (const chunk of followOutput(ada, id)) if (chunk.text.includes('started')) break;

    await ada.data('mutation ($id: ID!) { cancelCommand(input: { commandId: $id }) { command { id } } }', { id });

    expect(await endOf(ada, id)).toMatchObject({ status: 'CANCELLED' });
  });

  test('for an interpreter that the device lacks fails with the reason', async () => {
    const id = await runCommand(ada, { deviceId, shell: 'PWSH', script: 'Get-Date' });

    expect(await endOf(ada, id)).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('pwsh') });
  });

  test('is in the audit trail without its script', async () => {
    const script = `echo ${randomUUID()}`;
    await endOf(ada, await runCommand(ada, { deviceId, script }));

    expect(stack.output).not.toContain(script);
  });
});

describe('the graph', () => {
  test('joins a subscription over two services', async () => {
    const events = ada.events<{ deviceChanged: { device: object } }>(
      'subscription { deviceChanged { device { site { name organization { name } } } } }',
    );
    const first = events.next();
    // an inventory is reported again on demand, and each report is a change
    const timer = setInterval(
      () =>
        void ada.data('mutation ($id: ID!) { refreshInventory(input: { deviceId: $id }) { device { id } } }', {
          id: deviceId,
        }),
      300,
    );

    const { value } = await first;
    clearInterval(timer);
    await events.return();

    expect(value?.deviceChanged.device).toEqual({
      site: { name: 'Main', organization: { name: administrator.organizationName } },
    });
  });

  test('shows what this very machine is', async () => {
    const { device } = await ada.data<{
      device: { hostname: string; os: { kernel: string }; hardware: { memoryBytes: number; cpu: { threads: number } } };
    }>('query ($id: ID!) { device(id: $id) { hostname os { kernel } hardware { memoryBytes cpu { threads } } } }', {
      id: deviceId,
    });

    expect(device.hostname).toBe(readFileSync('/proc/sys/kernel/hostname', 'utf8').trim());
    expect(device.os.kernel).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
    const [, kilobytes] = /MemTotal:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
    expect(device.hardware.memoryBytes).toBe(Number(kilobytes) * 1024);
  });

  const api = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
  const open = [
    ...['viewer', 'setup', 'completeSetup', 'logIn', 'enrollDevice'],
    ...['acceptInvitation', 'requestAccess', 'requestPasswordReset', 'resetPassword'],
  ];
  const guarded = [
    ...Object.values(api.getQueryType()!.getFields()).map(field => ['query', field] as const),
    ...Object.values(api.getMutationType()!.getFields()).map(field => ['mutation', field] as const),
  ].filter(([, field]) => !open.includes(field.name));

  test.each(guarded.map(([kind, field]) => [`${kind} ${field.name}`, kind, field] as const))(
    'refuses an anonymous caller: %s',
    async (_name, kind, field) => {
      const { errors, data } = await anybody.ask(`${kind} { ${call(field)} }`);

      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect(data ?? null).toBeNull();
    },
  );

  test.each(Object.values(api.getSubscriptionType()!.getFields()).map(field => [field.name, field] as const))(
    'refuses an anonymous subscriber: %s',
    async (_name, field) => {
      await expect(anybody.events(`subscription { ${call(field)} }`).next()).rejects.toMatchObject([
        { extensions: { code: 'UNAUTHENTICATED' } },
      ]);
    },
  );

  test('says who calls to anybody', async () => {
    expect(await anybody.data('{ viewer { kind user { id } permissions } setup { isComplete } }')).toEqual({
      viewer: { kind: 'ANONYMOUS', user: null, permissions: [] },
      setup: { isComplete: true },
    });
    expect(await ada.data('{ viewer { kind user { email } } }')).toEqual({
      viewer: { kind: 'USER', user: { email: administrator.email } },
    });
  });
});

describe('bad input gets a clear answer and changes nothing', () => {
  const codeOf = async (query: string, variables?: object) =>
    (await anybody.ask(query, variables)).errors?.[0]?.extensions.code;
  const LOG_IN = 'mutation ($input: LogInInput!) { logIn(input: $input) { ... on LoggedIn { token } } }';

  test('set-up is closed after its first use', async () => {
    const { errors } = await anybody.ask(
      'mutation ($input: CompleteSetupInput!) { completeSetup(input: $input) { token } }',
      { input: { ...administrator, secret: stack.secret, clientKind: 'CLI' } },
    );

    expect(errors?.[0]?.extensions.code).toBe('PRECONDITION_FAILED');
  });

  test('a wrong password, and a person nobody knows, look the same', async () => {
    const wrong = await anybody.ask(LOG_IN, { input: { email: administrator.email, password: 'not this one at all' } });
    const unknown = await anybody.ask(LOG_IN, { input: { email: 'eve@example.org', password: 'not this one at all' } });

    expect(wrong.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(unknown.errors?.[0]).toEqual(wrong.errors?.[0]);
  });

  test('malformed GraphQL, JSON and variables', async () => {
    expect(await codeOf('{ viewer {')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ nothingLikeThis }')).toBe('BAD_USER_INPUT');
    expect(await codeOf(LOG_IN, { input: { email: 7 } })).toBe('BAD_USER_INPUT');
    const response = await fetch(`${stack.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  test('an unknown token', async () => {
    await using stranger = new GraphCaller(stack.url, 'muster_cli_nobody');

    expect(await stranger.ask('{ viewer { kind } }')).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test('a body that is too large', async () => {
    const response = await fetch(`${stack.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ viewer { kind } } # ${'x'.repeat(3_000_000)}` }),
    });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
  });

  test('a token that enrols nobody', async () => {
    const input = {
      token: 'muster_enroll_nobody',
      publicKey: 'AAAA',
      proof: 'AAAA',
      facts: { hostname: 'x', osFamily: 'LINUX', agentVersion: '1', protocol: 1 },
    };

    expect(
      await codeOf('mutation ($input: EnrollDeviceInput!) { enrollDevice(input: $input) { deviceId } }', { input }),
    ).toBe('BAD_USER_INPUT');
  });
});

/** A syntactically valid call of a field with made-up arguments. */
function call(field: GraphQLField<unknown, unknown>): string {
  const wanted = field.args
    .filter(argument => isNonNullType(argument.type))
    .map(argument => `${argument.name}: ${literalOf(argument.type)}`);
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return `${field.name}${wanted.length > 0 ? `(${wanted.join(', ')})` : ''}${selection}`;
}

function literalOf(type: GraphQLInputType): string {
  const bare = getNullableType(type) as GraphQLInputType;
  if (isListType(bare)) return '[]';
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (!isInputObjectType(bare))
    return bare.toString() === 'Int' || bare.toString() === 'BigInt'
      ? '1'
      : bare.toString() === 'Boolean'
        ? 'true'
        : bare.toString() === 'DateTime'
          ? '"2030-01-01T00:00:00Z"'
          : '"x"';
  const fields = Object.values(bare.getFields()).filter(field => isNonNullType(field.type));
  return `{ ${fields.map(field => `${field.name}: ${literalOf(field.type)}`).join(', ')} }`;
}
