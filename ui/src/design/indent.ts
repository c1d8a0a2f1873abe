/** A text and what is selected in it. */
export interface Selection {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const step = '  ';

/** Moves the selected lines one step in or out; without a selection a step in goes where the cursor stands. */
export function indent({ text, start, end }: Selection, isOutward: boolean): Selection {
  if (start === end && !isOutward) {
    return { text: text.slice(0, start) + step + text.slice(end), start: start + step.length, end: end + step.length };
  }
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const lines = text.slice(from, end).split('\n');
  const moved = lines.map(line => (isOutward ? line.replace(/^ {1,2}/, '') : step + line));
  const first = (moved[0]?.length ?? 0) - (lines[0]?.length ?? 0);
  const all = moved.join('\n').length - lines.join('\n').length;
  return {
    text: text.slice(0, from) + moved.join('\n') + text.slice(end),
    start: Math.max(from, start + first),
    end: end + all,
  };
}
