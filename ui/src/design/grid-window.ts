/** The rows that a scrolled grid has in the document: `from` inclusive, `to` exclusive. */
export interface GridWindow {
  readonly from: number;
  readonly to: number;
}

interface Scrolled {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
}

const margin = 8;

/** The visible rows and a few around them, so that a fast scroll shows no holes. */
export function gridWindow({ scrollTop, height, rowHeight, count }: Scrolled): GridWindow {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const to = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + margin);
  return { from: Math.min(from, to), to };
}

/** Where a key moves the active row to, or undefined for keys that do not move. */
export function movedIndex(
  key: string,
  index: number,
  { count, page }: { count: number; page: number },
): number | undefined {
  const targets: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}
