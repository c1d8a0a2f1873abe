import { badInput } from './errors.ts';

/** Largest page anybody gets; larger wishes are cut, because a variable slips past cost rules. */
export const MAX_PAGE_SIZE = 100;

/** Arguments of every connection. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Relay's page facts. */
export interface PageFacts {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** A page of nodes with a cursor each; `nodes` saves callers the edges. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageFacts;
  readonly totalCount: number;
}

/** How many rows a page asks for: 1 to 100, 50 when nothing is said. */
export function pageSize(first: number | null | undefined): number {
  if (first === null || first === undefined) return 50;
  if (first < 1) throw badInput('first', 'is at least 1');
  return Math.min(first, MAX_PAGE_SIZE);
}

/** An opaque cursor over sort values. */
export function encodeCursor(values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The sort values of a cursor made here; BAD_USER_INPUT for any other text. */
export function decodeCursor(cursor: string, length: number): (string | number | null)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(values) && values.length === length && values.every(isSortValue)) return values;
  } catch {
    // answered below
  }
  throw badInput('after', 'is not a cursor of this list');
}

/** A connection from up to size + 1 rows: the extra row only tells that there is a next page. */
export function toConnection<T>(
  rows: readonly T[],
  size: number,
  facts: { cursorOf: (row: T) => string; totalCount: number; isAfter: boolean },
): Connection<T> {
  const nodes = rows.slice(0, size);
  const edges = nodes.map(node => ({ cursor: facts.cursorOf(node), node }));
  return {
    edges,
    nodes,
    totalCount: facts.totalCount,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: facts.isAfter,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const isSortValue = (value: unknown): value is string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number';
