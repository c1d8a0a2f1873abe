import { statSync } from 'node:fs';
import { request } from 'node:http';

export type ContainerState = 'RUNNING' | 'CREATED' | 'PAUSED' | 'RESTARTING' | 'EXITED' | 'DEAD' | 'UNKNOWN';

/** One entry of section CONTAINERS. */
export interface Container {
  id: string;
  name: string;
  image: string;
  state: ContainerState;
  /** In the engine's words, as in `Up 3 hours`. */
  status: string | null;
  createdAt: string | null;
  /** As in `0.0.0.0:8080->80/tcp`. */
  ports: string[];
}

/** Podman answers as Docker does. */
const sockets = ['/var/run/docker.sock', '/run/podman/podman.sock'];
const deadlineMs = 5_000;
const maxAnswerBytes = 16 * 1024 * 1024;

/** The containers of Docker and Podman, stopped ones too; an engine that is not there or does not let us in has none. */
export async function collectContainers(paths: readonly string[] = sockets): Promise<Container[]> {
  const real = paths.filter(path => statSync(path, { throwIfNoEntry: false })?.isSocket());
  const answers = await Promise.all(real.map(path => list(path).catch(() => [])));
  const found = answers.flat().map(toContainer);
  return found.filter(container => container !== null).sort((one, other) => (one.id < other.id ? -1 : 1));
}

function list(socketPath: string): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(deadlineMs);
    const asked = request({ socketPath, path: '/containers/json?all=1', agent: false, signal }, response => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size > maxAnswerBytes) asked.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => {
        try {
          resolve(toAnswer(response.statusCode, Buffer.concat(parts).toString('utf8')));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function toAnswer(status: number | undefined, text: string): unknown[] {
  const answer: unknown = JSON.parse(text);
  if (status !== 200 || !Array.isArray(answer)) throw new Error(`the engine answered ${status}`);
  return answer;
}

function toContainer(entry: unknown): Container | null {
  const { Id, Names, Image, ImageID, State, Status, Created, Ports } = (entry ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const id = text(Id);
  if (!id) return null;
  return {
    id,
    name: text(toList(Names)[0])?.replace(/^\//, '') || id.slice(0, 12),
    image: text(Image) ?? text(ImageID) ?? '<none>',
    state: states[String(State)] ?? 'UNKNOWN',
    status: text(Status),
    createdAt: toTime(Created),
    ports: [...new Set(toList(Ports).map(toPort))].sort(),
  };
}

/** Podman has two words of its own. */
const states: Record<string, ContainerState> = {
  running: 'RUNNING',
  created: 'CREATED',
  configured: 'CREATED',
  paused: 'PAUSED',
  restarting: 'RESTARTING',
  exited: 'EXITED',
  stopped: 'EXITED',
  dead: 'DEAD',
};

function toPort(entry: unknown): string {
  const { IP, PrivatePort, PublicPort, Type } = (entry ?? {}) as Record<string, unknown>;
  const inside = `${PrivatePort}/${Type}`;
  if (!PublicPort) return inside;
  const address = String(IP ?? '');
  return `${address.includes(':') ? `[${address}]` : address}:${PublicPort}->${inside}`;
}

function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Docker tells seconds; old versions of Podman told text. */
function toTime(created: unknown): string | null {
  const at = typeof created === 'number' ? created * 1_000 : Date.parse(String(created));
  return Number.isFinite(at) && at > 0 ? new Date(at).toISOString() : null;
}
