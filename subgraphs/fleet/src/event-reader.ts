import type { Channel } from '@muster/kit/channel';

/** What has come at once: events, and whether some may have been missed. */
export interface Arrived<T> {
  readonly events: readonly T[];
  readonly mustReadAgain: boolean;
}

/** Waits for an event and takes with it whatever else waits already, so that a thousand events cost one look-up; undefined at the end. */
export async function takeArrived<T>(channel: Channel<T | null>): Promise<Arrived<T> | undefined> {
  const first = await channel.next();
  if (first.done) return undefined;
  const values: (T | null)[] = [first.value];
  for (let waiting = channel.size; waiting > 0; waiting--) {
    const { done, value } = await channel.next();
    if (!done) values.push(value);
  }
  return { events: values.filter(value => value !== null), mustReadAgain: values.includes(null) };
}
