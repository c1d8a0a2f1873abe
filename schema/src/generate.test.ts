import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeStale, generate, writeFiles } from './generate.ts';

const ROVER = `
federation_version: =2.9.0
subgraphs:
  clock:
    routing_url: http://clock:4001/graphql
    schema: { file: schema/subgraphs/clock.graphql }
`;
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';
const agentDocuments = ['query AgentClock { now }'];
const sdl = { sdlOf: async () => `${LINK}type Query { now: Int }\n`, agentDocuments };
const changedSdl = { ...sdl, sdlOf: async () => `${LINK}type Query { later: Int }\n` };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-schema-'));
  mkdirSync(join(root, 'schema/subgraphs'), { recursive: true });
  writeFileSync(join(root, 'rover.yaml'), ROVER);
});
afterEach(() => rmSync(root, { recursive: true }));

test('writes the SDL of every subgraph, the supergraph with its URLs and the public schema, once', async () => {
  const written = writeFiles(root, await generate(root, sdl));

  expect(written).toEqual([
    'schema/subgraphs/clock.graphql',
    'schema/supergraph.graphql',
    'schema/api.graphql',
    'schema/agent-operations.json',
  ]);
  expect(readFileSync(join(root, 'schema/supergraph.graphql'), 'utf8')).toContain('http://clock:4001/graphql');
  expect(readFileSync(join(root, 'schema/api.graphql'), 'utf8')).toBe('type Query {\n  now: Int\n}\n');
  expect(writeFiles(root, await generate(root, sdl))).toEqual([]);
});

test('says which committed file differs, where, and what breaks for callers', async () => {
  writeFiles(root, await generate(root, sdl));

  const changed = await generate(root, changedSdl);

  expect(describeStale(changed)).toContain('schema/api.graphql, line 2\n  -   now: Int\n  +   later: Int');
  expect(changed.changes).toEqual(['breaking: Query.now was removed.']);
  expect(changed.agentProblems).toEqual(['AgentClock of an agent: Cannot query field "now" on type "Query".']);
});

test('takes the committed SDL where no code prints one', async () => {
  writeFiles(root, await generate(root, sdl));

  const again = await generate(root, { ...sdl, sdlOf: async () => undefined });

  expect(describeStale(again)).toEqual([]);
});

test('compares with the graph that callers know, not with a draft of the next one', async () => {
  writeFiles(root, await generate(root, changedSdl));

  const { changes } = await generate(root, { ...sdl, knownApi: 'type Query { now: Int }' });

  expect(changes).toEqual([]);
});

test('refuses an incomplete rover.yaml in plain words', async () => {
  writeFileSync(join(root, 'rover.yaml'), 'subgraphs:\n  clock:\n    routing_url: http://clock/graphql\n');

  await expect(generate(root, sdl)).rejects.toThrow('clock has no schema.file.');
});
