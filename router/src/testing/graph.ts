import type { Viewer } from '@muster/kit/auth/viewer';
import { LocalBus } from '@muster/kit/bus';
import type { RequestContext } from '@muster/kit/context';
import { AppError } from '@muster/kit/errors';
import type { Service } from '@muster/kit/service';
import { StepIterator } from '@muster/kit/step-iterator';
import { defineSdlSubgraph, type SdlResolvers } from '@muster/kit/testing/sdl-subgraph';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import:
  ["@key", "@external", "@requires", "@inaccessible", "@tag", "@authenticated", "@requiresScopes"])`;

const ACCOUNTS = `${LINK}
type Query {
  viewer: Viewer! @tag(name: "public")
  organization(id: ID!): Organization @requiresScopes(scopes: [["organization:read"]])
  vault: Vault @authenticated
  authentication(credential: String!): Authentication @inaccessible @requiresScopes(scopes: [["internal:router"]])
}
type Mutation {
  logIn(input: LogInInput!): LogInPayload! @tag(name: "public")
  logOut: LogOutPayload! @authenticated
}
type Viewer { kind: String! name: String! }
type Organization @key(fields: "id") { id: ID! name: String! vault: Vault }
type Vault @requiresScopes(scopes: [["vault:read"]]) { secret: String! }
type Site @key(fields: "id") { id: ID! name: String! organization: Organization! }
input LogInInput { clientKind: ClientKind = BROWSER }
enum ClientKind { BROWSER CLI }
type LogInPayload { viewer: Viewer! token: String }
type LogOutPayload { viewer: Viewer! }
type Authentication @inaccessible { viewer: String! expiresAt: String! }`;

const FLEET = `${LINK}
type Query {
  device(id: ID!): Device @requiresScopes(scopes: [["device:read"]])
  devices: [Device!]! @requiresScopes(scopes: [["device:read"]])
  slow: String @tag(name: "public")
  broken: String @tag(name: "public")
  requestId: String @tag(name: "public")
  deviceAuthentication(credential: String!): DeviceAuthentication @inaccessible @requiresScopes(scopes: [["internal:router"]])
}
type Mutation { renameDevice(input: RenameDeviceInput!): RenameDevicePayload! @requiresScopes(scopes: [["device:write"]]) }
type Subscription {
  deviceChanged(siteId: ID): DeviceChange! @requiresScopes(scopes: [["device:read"]])
  output(after: Int = 0): Chunk! @requiresScopes(scopes: [["device:read"]])
  signals: Signal! @requiresScopes(scopes: [["agent:report"]])
}
type Device @key(fields: "id") { id: ID! hostname: String! site: Site! note: String @inaccessible }
type Site @key(fields: "id", resolvable: false) { id: ID! }
type DeviceChange { sequence: Int! device: Device! }
type Chunk { sequence: Int! text: String! }
type Signal { kind: String! }
input RenameDeviceInput { id: ID! hostname: String! }
type RenameDevicePayload { device: Device! }
type DeviceAuthentication @inaccessible { viewer: String! expiresAt: String! }`;

const RACKS = `${LINK}
type Query { rackCount: Int @requiresScopes(scopes: [["rack:read"]]) }
type Device @key(fields: "id") {
  id: ID!
  hostname: String! @external
  rack: Rack @requiresScopes(scopes: [["rack:read"]])
  label: String @requires(fields: "hostname")
}
type Rack { name: String! vault: RackVault }
type RackVault @requiresScopes(scopes: [["vault:read"]]) { code: String! }`;

/** A device of the fixture graph. */
export interface FixtureDevice {
  readonly id: string;
  readonly hostname: string;
  readonly siteId: string;
}

/** The state behind the three services of the fixture graph, and what tests need to turn and to count. */
export class FixtureWorld {
  readonly bus = new LocalBus();
  readonly devices = new Map<string, FixtureDevice>();
  readonly sessions = new Map<string, { viewer: Viewer; expiresAt: Date }>();
  /** Viewers whose subscriptions were opened at fleet, in order. */
  readonly opened: Viewer[] = [];
  readonly asked = { authentication: 0 };
  /** Calls of `slow` that wait. */
  readonly slow: (() => void)[] = [];
  /** What `output` replays, and how much of it was asked for. */
  readonly chunks: { readonly sequence: number; readonly text: string }[] = [];
  taken = 0;

  constructor() {
    for (const id of ['d1', 'd2']) this.devices.set(id, { id, hostname: `host-${id}`, siteId: 's1' });
  }

  /** Adds a session for the viewer and answers its token. */
  addSession(token: string, viewer: Viewer, expiresAt = new Date(Date.now() + 3_600_000)): string {
    this.sessions.set(token, { viewer, expiresAt });
    return token;
  }

  /** Adds to the output and wakes who follows it. */
  write(text: string): void {
    this.chunks.push({ sequence: this.chunks.length + 1, text });
    this.bus.publish('output', undefined);
  }

  /** The output after a sequence, taken piece by piece as its reader asks. */
  follow(after: number): AsyncGenerator<unknown, undefined, undefined> {
    const wakes = this.bus.subscribe('output', 1);
    let position = after;
    const step = async (): Promise<unknown> => {
      while (this.chunks[position] === undefined) if ((await wakes.next()).done) return undefined;
      this.taken += 1;
      return this.chunks[position++];
    };
    return new StepIterator({ step, onReturn: () => wakes.end() });
  }

  change(id: string, sequence: number): void {
    this.bus.publish('devices', { sequence, device: this.devices.get(id) });
  }

  readonly identify = (_: unknown, { credential }: { credential: string }): object | null => {
    this.asked.authentication += 1;
    const session = this.sessions.get(credential);
    return session ? { viewer: JSON.stringify(session.viewer), expiresAt: session.expiresAt.toISOString() } : null;
  };
}

/** The services of the fixture graph over one state. */
export function fixtureServices(world: FixtureWorld): Service[] {
  const services = [
    defineSdlSubgraph('accounts', ACCOUNTS, accounts(world)),
    defineSdlSubgraph('fleet', FLEET, fleet(world)),
    defineSdlSubgraph('racks', RACKS, racks()),
  ];
  return services.map(subgraph => ({
    ...subgraph,
    checkReady: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }));
}

const viewerOf = ({ viewer }: RequestContext): object => ({ kind: viewer.kind, name: viewer.name });

function accounts(world: FixtureWorld): SdlResolvers {
  return {
    Query: {
      viewer: (_, __, context) => viewerOf(context),
      organization: (_, { id }: { id: string }) => ({ id, name: `organization ${id}` }),
      vault: () => ({ secret: 'gold' }),
      authentication: world.identify as never,
    },
    Mutation: {
      logIn: (_, { input }: { input: { clientKind: string } }, context) => {
        const expiresAt = new Date(Date.now() + 60_000).toISOString();
        if (input.clientKind === 'BROWSER') context.effects.session = { kind: 'opened', token: 'ada-token', expiresAt };
        return { viewer: viewerOf(context), token: input.clientKind === 'CLI' ? 'ada-token' : null };
      },
      logOut: (_, __, context) => {
        world.sessions.delete('ada-token');
        context.effects.session = { kind: 'closed' };
        return { viewer: { kind: 'ANONYMOUS', name: 'anonymous' } };
      },
    },
    Organization: {
      __resolveReference: ({ id }: { id: string }) => ({ id, name: `organization ${id}` }),
      vault: () => ({ secret: 'gold' }),
    },
    Site: {
      __resolveReference: ({ id }: { id: string }) =>
        id === 'gone' ? null : { id, name: `site ${id}`, organization: { id: 'o1', name: 'organization o1' } },
    },
  };
}

function fleet(world: FixtureWorld): SdlResolvers {
  const source = (topic: string) => (_: unknown, __: unknown, context: RequestContext) => {
    world.opened.push(context.viewer);
    return world.bus.subscribe(topic, 100_000);
  };
  const itself = (event: unknown): unknown => event;
  return {
    Query: {
      device: (_, { id }: { id: string }) => world.devices.get(id) ?? null,
      devices: () => [...world.devices.values()],
      slow: () => new Promise(resolve => world.slow.push(() => resolve('done'))),
      broken: () => {
        throw new Error('select * from secret_table failed at 10.0.0.7:5432');
      },
      requestId: (_, __, { requestId }) => requestId,
      deviceAuthentication: world.identify as never,
    },
    Mutation: {
      renameDevice: (_, { input }: { input: { id: string; hostname: string } }, context) => {
        // what only accounts may ask of the router
        context.effects.session = { kind: 'opened', token: 'stolen', expiresAt: '2100-01-01T00:00:00Z' };
        const known = world.devices.get(input.id);
        if (!known) throw new AppError('NOT_FOUND', 'There is no such device.');
        const device = { ...known, hostname: input.hostname };
        world.devices.set(device.id, device);
        return { device };
      },
    },
    Subscription: {
      deviceChanged: { subscribe: source('devices'), resolve: itself as never },
      output: {
        subscribe: (_: unknown, { after }: { after: number }, { viewer }: RequestContext) => {
          world.opened.push(viewer);
          return world.follow(after);
        },
        resolve: itself as never,
      },
      signals: { subscribe: source('signals'), resolve: itself as never },
    },
    Device: {
      __resolveReference: ({ id }: { id: string }) => world.devices.get(id) ?? null,
      site: ({ siteId }: FixtureDevice) => ({ id: siteId }),
    },
  } as SdlResolvers;
}

function racks(): SdlResolvers {
  return {
    Query: { rackCount: () => 2 },
    Device: {
      __resolveReference: (device: object) => device,
      rack: ({ id }: { id: string }) => ({ name: `rack of ${id}` }),
      label: ({ hostname }: { hostname: string }) => `<${hostname}>`,
    },
    Rack: { vault: () => ({ code: '1234' }) },
  };
}
