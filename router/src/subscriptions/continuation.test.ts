import type { FetchNode } from '@apollo/query-planner';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { continuationOf } from './continuation.ts';

const schema = buildSchema(`type Query { a: Int } type Subscription {
  output(after: Int = 0, id: ID): Chunk! ticks(after: String): Chunk! changes: Chunk! }
  type Chunk { sequence: Int! text: String! part(of: Int): String }`);
const continuation = (operation: string) => continuationOf({ operation } as FetchNode, schema);

test('goes on after an event with the caller’s other arguments, and shows nothing of it', () => {
  const plan = continuation(
    'subscription ($from: Int, $id: ID, $part: Int) { o: output(after: $from, id: $id) { text part(of: $part) } }',
  );
  const event = { data: { o: { text: 'a', part: null, muster_sequence: 7 } } };

  const request = plan?.after(event, { from: 3, id: 'c1', part: 1 });

  expect(plan?.strip(event)).toEqual({ data: { o: { text: 'a', part: null } } });
  expect(request?.variables).toMatchObject({ muster_after: 7, id: 'c1', part: 1 });
  expect(request?.query).toContain('output(id: $id, after: $muster_after)');
  for (const query of [plan?.operation ?? '', request?.query ?? '']) expect(validate(schema, parse(query))).toEqual([]);
});

test.each([
  ['a literal', 'subscription { output(after: 5) { sequence } }'],
  ['the default', 'subscription { output { text } }'],
])('goes on where it began with %s', (_, operation) => {
  const request = continuation(operation)?.after({ data: { output: { muster_sequence: 9 } } }, {});

  expect(request?.variables).toEqual({ muster_after: 9 });
  expect(validate(schema, parse(request?.query ?? ''))).toEqual([]);
});

test.each([
  ['takes no after', 'subscription { changes { text } }'],
  ['counts otherwise than its events', 'subscription { ticks { text } }'],
  ['uses the names of the continuation', 'subscription { output { muster_sequence: text } }'],
])('does not continue a subscription that %s', (_, operation) => {
  expect(continuation(operation)).toBeUndefined();
});

test('leaves an event without data alone', () => {
  const plan = continuation('subscription { output { text } }');
  const event = { data: null, errors: [{ message: 'x' }] } as never;

  expect(plan?.after(event, {})).toBeUndefined();
  expect(plan?.strip(event)).toBe(event);
});
