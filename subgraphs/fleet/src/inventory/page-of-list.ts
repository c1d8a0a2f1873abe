import {
  type Connection,
  decodeCursor,
  encodeCursor,
  type PageArguments,
  pageSize,
  toConnection,
} from '@muster/kit/connection';
import { badInput } from '@muster/kit/errors';

/** A page of a list that is in memory as a whole; its cursors are positions. */
export function pageOfList<T>(all: readonly T[], { first, after }: PageArguments): Connection<T> {
  const start = after ? Number(decodeCursor(after, 1)[0]) : 0;
  if (!Number.isSafeInteger(start) || start < 0) throw badInput('after', 'is not a cursor of this list');
  const size = pageSize(first);
  const rows = all.slice(start, start + size + 1).map((node, index) => ({ node, position: start + index + 1 }));
  const page = toConnection(rows, size, {
    cursorOf: row => encodeCursor([row.position]),
    totalCount: all.length,
    isAfter: start > 0,
  });
  return {
    ...page,
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: node.node })),
    nodes: page.nodes.map(({ node }) => node),
  };
}
