import { createRequire } from 'node:module';
import pg from 'pg';

interface Queryable {
  query(...call: unknown[]): unknown;
}

const { Client: OrmClient } = createRequire(import.meta.resolve('@mikro-orm/postgresql'))('pg') as {
  Client: { prototype: Queryable };
};
const PROTOTYPES = [...new Set([pg.Client.prototype as unknown as Queryable, OrmClient.prototype])];

/** The statements that this process sends to PostgreSQL while the work is done, without the ends of transactions. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const originals = PROTOTYPES.map(prototype => prototype.query);
  for (const [index, prototype] of PROTOTYPES.entries()) {
    const original = originals[index] as Queryable['query'];
    prototype.query = function (this: Queryable, ...call) {
      seen.push(textOf(call[0]));
      return original.apply(this, call);
    };
  }
  try {
    await work();
  } finally {
    for (const [index, prototype] of PROTOTYPES.entries()) prototype.query = originals[index] as Queryable['query'];
  }
  return seen.filter(text => !/^(begin|commit|rollback|start transaction)/i.test(text));
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : String((query as { text?: unknown }).text ?? '');
}
