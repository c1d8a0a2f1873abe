import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Gives back what long lists left behind: an idle process would keep it, for the engine collects only when it allocates. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext("gc({type:'major',flavor:'last-resort'})");
}
