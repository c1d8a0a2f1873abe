import { statSync } from 'node:fs';
import { request } from 'node:http';

/** One entry of section CONTAINERS. */
export interface Container {
  id: string;
  name: string | null;
  image: string | null;
  state: string | null;
  status: string | null;
  createdAt: string | null;
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
          resolve(toList(response.statusCode, Buffer.concat(parts).toString('utf8')));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function toList(status: number | undefined, text: string): unknown[] {
  const answer: unknown = JSON.parse(text);
  if (status !== 200 || !Array.isArray(answer)) throw new Error(`the engine answered ${status}`);
  return answer;
}

function toContainer(entry: unknown): Container | null {
  const { Id, Names, Image, State, Status, Created } = (entry ?? {}) as Record<string, unknown>;
  if (typeof Id !== 'string') return null;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return {
    id: Id,
    name: text(Array.isArray(Names) ? Names[0] : null)?.replace(/^\//, '') ?? null,
    image: text(Image),
    state: text(State),
    status: text(Status),
    createdAt: toTime(Created),
  };
}

/** Docker tells seconds; old versions of Podman told text. */
function toTime(created: unknown): string | null {
  const at = typeof created === 'number' ? created * 1_000 : Date.parse(String(created));
  return Number.isFinite(at) && at > 0 ? new Date(at).toISOString() : null;
}
