import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  type DocumentNode,
  Lexer,
  parse,
  print,
  Source,
  specifiedRules,
  TokenKind,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { readAgentDocuments } from './access/agent-documents.ts';
import { documentLimits, limitDocuments, MAX_TOKENS } from './limits.ts';
import { Measure, type Size } from './measure.ts';
import { consoleOperations } from './testing/console-operations.ts';

/** What scripts, the explorer's introspection and joins over several services need, however little the console does. */
const FLOORS = { depth: 10, aliases: 15, 'root fields': 10, directives: 8, fields: 300, cost: 0, tokens: 1_000 };
const HEADROOM = 1.5;

const schema = buildSchema(readFileSync(fileURLToPath(new URL('../../schema/api.graphql', import.meta.url)), 'utf8'));
const operations = consoleOperations();
const limits = { ...documentLimits, tokens: MAX_TOKENS };

function sizeOf(document: DocumentNode): Size & { tokens: number } {
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('the operation comes first');
  return { ...new Measure(document, schema).of(operation), tokens: tokensOf(print(document)) };
}

function tokensOf(text: string): number {
  const lexer = new Lexer(new Source(text));
  let count = 0;
  while (lexer.advance().kind !== TokenKind.EOF) count += 1;
  return count;
}

test('lets every operation of the console pass', () => {
  expect(operations.length).toBeGreaterThan(20);
  for (const { name, document } of operations) {
    expect([name, validate(schema, document, [limitDocuments]).map(error => error.message)]).toEqual([name, []]);
    expect(tokensOf(print(document))).toBeLessThanOrEqual(MAX_TOKENS);
  }
});

test('lets every operation of an agent pass, of this release and of earlier ones', () => {
  const documents = readAgentDocuments();

  expect(documents.length).toBeGreaterThanOrEqual(5);
  for (const document of documents)
    expect([document, validate(schema, parse(document), [...specifiedRules, limitDocuments])]).toEqual([document, []]);
});

test.each(Object.keys(limits) as (keyof typeof limits)[])(
  'holds %s to one and a half times what the console needs, or to the stated floor',
  name => {
    const largest = Math.max(...operations.map(({ document }) => sizeOf(document)[name]));

    expect(limits[name]).toBeLessThanOrEqual(Math.max(FLOORS[name], HEADROOM * largest));
  },
);
