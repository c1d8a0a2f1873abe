import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorTable, networkProblem, problemOf, toProblem } from './errors.ts';

// The console may import nothing of the server, but it must know every word of it.
const catalogue = readFileSync(new URL('../../../subgraphs/kit/src/errors.ts', import.meta.url), 'utf8');
const codes = [...catalogue.matchAll(/^ {2}([A-Z][A-Z_]+): \{/gm)].map(match => match[1] ?? '');

describe('the error table', () => {
  test('has a sentence and an action for every code of the catalogue', () => {
    expect(codes.length).toBeGreaterThanOrEqual(15);
    for (const code of codes) expect(errorTable).toHaveProperty(code);
  });

  test('knows no code that the catalogue does not have, but NETWORK', () => {
    expect(Object.keys(errorTable).toSorted()).toEqual([...codes, 'NETWORK'].toSorted());
  });

  test('speaks in sentences', () => {
    for (const { text } of Object.values(errorTable)) expect(text).toMatch(/^[A-Z].*\.$/);
  });
});

describe('toProblem', () => {
  test('takes the fields without the name of the argument', () => {
    const problem = toProblem({
      message: 'input.password: Too common.',
      extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.password', problem: 'Too common.' }] },
    });

    expect(problem.fields).toEqual({ password: 'Too common.' });
    expect(problem.detail).toBe('input.password: Too common.');
  });

  test('treats an unknown code as INTERNAL and keeps its message to itself', () => {
    const problem = toProblem({ message: 'select * from secrets', extensions: { code: 'WHATEVER', requestId: 'r1' } });

    expect(problem).toMatchObject({ code: 'INTERNAL', detail: undefined, requestId: 'r1' });
  });

  test('makes sentences of the problems of fields', () => {
    const fields = [{ path: 'input.script', problem: 'is empty' }];

    expect(toProblem({ message: '', extensions: { code: 'BAD_USER_INPUT', fields } }).fields).toEqual({
      script: 'This is empty.',
    });
  });

  test('survives fields of another shape', () => {
    expect(toProblem({ message: '', extensions: { code: 'BAD_USER_INPUT', fields: 'all' } }).fields).toEqual({});
  });

  test('calls an operation without any answer a problem of the network', () => {
    expect(problemOf({ graphQLErrors: [] })).toEqual(networkProblem());
  });
});
