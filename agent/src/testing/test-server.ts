import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Job } from '../commands/envelope.ts';
import type { CommandReport, DeviceSignal, InventorySection } from '../operations.ts';
import { agentSdl } from './sdl.ts';
import { Signals } from './signals.ts';
import { aJob, ServerCommand, seal } from './test-command.ts';

interface EnrollInput {
  token: string;
  publicKey: string;
  proof: string;
  facts: Record<string, unknown>;
}

/** The device whose connection an operation came by. */
interface Caller {
  deviceId: string;
}

function toDeviceId(token: unknown): string {
  const payload = Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString();
  return payload ? String(JSON.parse(payload).sub) : '';
}

/** What GraphQL itself finds wrong with variables has the code that real servers give it. */
function withCodes(result: ExecutionResult): ExecutionResult {
  const toCoded = (error: GraphQLError) =>
    error.path || error.extensions.code
      ? error
      : new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT' } });
  return result.errors ? { ...result, errors: result.errors.map(toCoded) } : result;
}

/** A server as agents see it, on a real port, which keeps what it was told and can be made to misbehave. */
export class TestServer {
  readonly keys = generateKeyPairSync('ed25519');
  readonly token = 'enrol-me';
  /** What the last device told at enrolment. */
  facts: Record<string, unknown> = {};
  readonly devices = new Map<string, string>();
  readonly commands = new Map<string, ServerCommand>();
  readonly inventory: InventorySection[] = [];
  readonly initPayloads: Record<string, unknown>[] = [];
  readonly signals = new Signals();
  readonly #http: Server = createServer();
  readonly #sockets = new WebSocketServer({ server: this.#http, path: '/graphql' });
  /** What it answers over plain HTTP, by path. */
  readonly files = new Map<string, Buffer>();
  /** Offset of this server's clock. */
  clockOffsetMs = 0;
  /** Called before each acknowledgement; may throw to refuse. */
  beforeAcknowledge: (reports: CommandReport[]) => void = () => undefined;
  /** Cuts this many connections right after committing, before answering. */
  acknowledgementsToLose = 0;
  connections = 0;

  /** `isFirst`: a server of the first revision, which knows fewer facts and sections. */
  static async start(options: { port?: number; isFirst?: boolean } = {}): Promise<TestServer> {
    const server = new TestServer();
    await server.#listen(options);
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get serverKey(): string {
    return String(this.keys.publicKey.export({ format: 'jwk' }).x);
  }

  /** Queues a command for a device (the only one where none is named) and tells it. */
  queue(parts: Partial<Job>): ServerCommand {
    const deviceId = parts.deviceId ?? [...this.devices.keys()][0] ?? '';
    const job = aJob({ ...parts, deviceId });
    return this.hand(new ServerCommand(seal(job, this.keys.privateKey), deviceId));
  }

  /** Queues a command as it is, however it is signed. */
  hand(command: ServerCommand): ServerCommand {
    this.commands.set(command.id, command);
    this.signals.emit({ kind: 'COMMANDS_WAITING', commandId: null }, command.deviceId ?? undefined);
    return command;
  }

  signal(signal: DeviceSignal): void {
    this.signals.emit(signal);
  }

  /** Closes all connections with a code. */
  kick(code: number, reason = ''): void {
    for (const socket of this.#sockets.clients) socket.close(code, reason);
  }

  /** Cuts all connections without a word. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise(resolve => this.#http.close(resolve));
  }

  async #listen({ port = 0, isFirst = false }: { port?: number; isFirst?: boolean }): Promise<void> {
    this.#sockets.on('headers', headers => headers.push(`Date: ${new Date(this.#now()).toUTCString()}`));
    useServer(
      {
        schema: buildSchema(agentSdl(isFirst)),
        roots: {
          mutation: {
            enrollDevice: (args: { input: EnrollInput }) => this.#enroll(args.input),
            reportInventory: (args: { input: { sections: InventorySection[] } }) =>
              this.#takeInventory(args.input.sections),
            leaseCommands: (args: { input: { max: number } }, caller: Caller) => this.#lease(args.input.max, caller),
            reportCommands: (args: { input: { commands: CommandReport[] } }) => this.#report(args.input.commands),
          },
          subscription: { deviceSignals: (_args: object, caller: Caller) => this.signals.open(caller.deviceId) },
        },
        context: ({ connectionParams }) => ({ deviceId: toDeviceId(connectionParams?.token) }),
        execute: async args => withCodes(await (execute(args) as Promise<ExecutionResult>)),
        onConnect: ({ connectionParams }) => this.#welcome(connectionParams ?? {}),
      },
      this.#sockets,
    );
    this.#http.on('request', (asked, answer) => {
      const file = this.files.get(asked.url ?? '');
      answer.writeHead(file ? 200 : 404).end(file);
    });
    await new Promise<void>(resolve => this.#http.listen(port, '127.0.0.1', resolve));
  }

  #now(): number {
    return Date.now() + this.clockOffsetMs;
  }

  #welcome(params: Record<string, unknown>): { serverTime: string } | false {
    this.connections++;
    this.initPayloads.push(params);
    if (typeof params.token === 'string' && !this.#isGenuine(params.token)) return false;
    return { serverTime: new Date(this.#now()).toISOString() };
  }

  #isGenuine(token: string): boolean {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { sub, aud, iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const x = this.devices.get(sub);
    if (!x) return false;
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    const now = this.#now() / 1_000;
    const isInTime = iat <= now + 5 && exp > now && exp - iat === 60;
    const isSigned = verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
    return aud === 'muster' && isInTime && isSigned;
  }

  #enroll({ token, publicKey, proof, facts }: EnrollInput) {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: publicKey } });
    const text = Buffer.from(`muster-enroll-v1|${token}|${publicKey}`);
    if (token !== this.token || !verify(null, text, key, Buffer.from(proof, 'base64url'))) {
      throw new GraphQLError('unknown token', { extensions: { code: 'UNAUTHENTICATED' } });
    }
    const known = [...this.devices].find(([, key]) => key === publicKey)?.[0];
    const deviceId = known ?? `device-${randomUUID()}`;
    this.devices.set(deviceId, publicKey);
    this.facts = facts;
    return { deviceId, status: 'ONLINE', serverKey: this.serverKey, serverTime: new Date(this.#now()).toISOString() };
  }

  #takeInventory(sections: InventorySection[]) {
    this.inventory.push(...sections);
    return { acceptedSections: sections.map(({ section }) => section) };
  }

  #lease(max: number, { deviceId }: Caller) {
    const isFor = (command: ServerCommand) => command.deviceId === null || command.deviceId === deviceId;
    const waiting = [...this.commands.values()]
      .filter(command => !command.isLeased && !command.finished && isFor(command))
      .slice(0, max);
    for (const command of waiting) command.isLeased = true;
    return { commands: waiting.map(({ leased }) => leased) };
  }

  #report(reports: CommandReport[]) {
    this.beforeAcknowledge(reports);
    const unknown = (report: CommandReport) => ({ commandId: report.commandId, throughSequence: 0, isFinal: true });
    const acknowledged = reports.map(report => this.commands.get(report.commandId)?.commit(report) ?? unknown(report));
    if (this.acknowledgementsToLose > 0) {
      this.acknowledgementsToLose--;
      this.cut();
    }
    return { acknowledged };
  }
}
