import { expect, test } from 'vitest';
import { type AgentOperations, addAgentOperations, checkAgentOperations } from './agent-operations.ts';

const API = 'type Query { now: Int later: Int }';
const [OLD, NEW] = ['query AgentOld { later }', 'query AgentNew { now }'] as const;

test('adds what the agent sends now and keeps what it ever sent', () => {
  const first = addAgentOperations(undefined, [OLD]);

  const second = addAgentOperations(first, [NEW]);

  expect(Object.values(JSON.parse(second) as AgentOperations)).toEqual([
    { name: 'AgentOld', document: OLD },
    { name: 'AgentNew', document: NEW },
  ]);
  expect(addAgentOperations(second, [OLD, NEW])).toBe(second);
  expect(checkAgentOperations(second, API)).toEqual([]);
});

test('finds an operation of an earlier agent that the graph does not answer any more', () => {
  const list = addAgentOperations(undefined, [OLD, NEW]);

  expect(checkAgentOperations(list, 'type Query { now: Int }')).toEqual([
    'AgentOld of an agent: Cannot query field "later" on type "Query".',
  ]);
});

test('finds a text that was changed by hand', () => {
  const list = addAgentOperations(undefined, [OLD]).replace('{ later }', '{ now }');

  expect(checkAgentOperations(list, API)).toEqual([
    expect.stringMatching(/^AgentOld: the text is not that of [0-9a-f]+$/),
  ]);
});

test('refuses an operation without a name', () => {
  expect(() => addAgentOperations(undefined, ['{ now }'])).toThrow('has no name');
});
