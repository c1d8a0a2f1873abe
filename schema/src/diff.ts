import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

/** Changes of the public schema that can break a caller, in words; empty where every old operation still works. */
export function describeBreakingChanges(before: string, after: string): string[] {
  const [old, now] = [buildSchema(before), buildSchema(after)];
  return [
    ...findBreakingChanges(old, now).map(change => `breaking: ${change.description}`),
    ...findDangerousChanges(old, now).map(change => `risky: ${change.description}`),
  ];
}

/** The first place where two texts differ, as a reader of a diff would see it. */
export function describeFirstDifference(committed: string, actual: string): string {
  const [left, right] = [committed.split('\n'), actual.split('\n')];
  const at = right.findIndex((line, index) => line !== left[index]);
  const line = at < 0 ? right.length : at;
  return [`line ${line + 1}`, `  - ${left[line] ?? '(end of file)'}`, `  + ${right[line] ?? '(end of file)'}`].join(
    '\n',
  );
}
