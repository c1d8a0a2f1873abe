import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectContainers } from './containers.ts';

let folder: string;
let engine: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-engine-'));
});

afterEach(() => {
  engine?.close();
  rmSync(folder, { recursive: true });
});

async function anEngine(status: number, body: string): Promise<string> {
  const path = join(folder, 'docker.sock');
  engine = createServer((asked, answer) => {
    answer.writeHead(asked.url === '/containers/json?all=1' ? status : 404).end(body);
  });
  await new Promise<void>(resolve => engine?.listen(path, resolve));
  return path;
}

test('lists running and stopped containers', async () => {
  const path = await anEngine(
    200,
    JSON.stringify([
      {
        Id: 'b2',
        Names: ['/web'],
        Image: 'nginx:1.29',
        State: 'running',
        Status: 'Up 3 hours',
        Created: 1_700_000_000,
        Ports: [
          { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
          { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
          { PrivatePort: 443, Type: 'tcp' },
        ],
      },
      { Id: 'a1', Names: [], Image: '', State: 'exited', Status: 'Exited (0) 2 days ago', Created: 0 },
      { Names: ['/without-id'] },
    ]),
  );

  expect(await collectContainers([path, join(folder, 'absent.sock')])).toEqual([
    {
      id: 'a1',
      name: 'a1',
      image: '<none>',
      state: 'EXITED',
      status: 'Exited (0) 2 days ago',
      createdAt: null,
      ports: [],
    },
    {
      id: 'b2',
      name: 'web',
      image: 'nginx:1.29',
      state: 'RUNNING',
      status: 'Up 3 hours',
      createdAt: '2023-11-14T22:13:20.000Z',
      ports: ['0.0.0.0:8080->80/tcp', '443/tcp', '[::]:8080->80/tcp'],
    },
  ]);
});

test.each([
  [500, '[]'],
  [200, 'no JSON'],
  [200, '{"message": "no list"}'],
])('an engine that answers %i %s has none', async (status, body) => {
  expect(await collectContainers([await anEngine(status, body)])).toEqual([]);
});

test('answers on this very machine', async () => {
  expect(Array.isArray(await collectContainers())).toBe(true);
});
