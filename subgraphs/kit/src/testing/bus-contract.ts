import { describe, expect, test } from 'vitest';
import type { Bus } from '../bus.ts';

/** Two ends of one bus: for a bus within one process both are the same. */
export interface BusEnds extends AsyncDisposable {
  readonly here: Bus;
  readonly there: Bus;
}

/** What every driver of the bus does; `open` makes a fresh pair of ends. */
export function describeBus(name: string, open: () => Promise<BusEnds>): void {
  describe(`the ${name} bus`, () => {
    test('tells everybody who listens to a topic, here and there, and nobody else', async () => {
      await using ends = await open();
      const [one, two] = [ends.here.subscribe('a'), ends.there.subscribe('a')];
      const other = ends.there.subscribe('b');

      ends.here.publish('a', { id: 1, text: 'ä\u0000' });

      expect([(await one.next()).value, (await two.next()).value]).toEqual([
        { id: 1, text: 'ä\u0000' },
        { id: 1, text: 'ä\u0000' },
      ]);
      expect(other.size).toBe(0);
    });

    test('keeps the order of one publisher', async () => {
      await using ends = await open();
      const heard = ends.there.subscribe<number>('a', 10_000);
      const numbers = Array.from({ length: 3_000 }, (_, index) => index);

      for (const number of numbers) ends.here.publish('a', number);

      const received: unknown[] = [];
      while (received.length < numbers.length) received.push((await heard.next()).value);
      expect(received).toEqual(numbers);
    });

    test('hands null over as the wake-up that says nothing else', async () => {
      await using ends = await open();
      const heard = ends.there.subscribe('a');

      ends.here.publish('a', null);

      expect((await heard.next()).value).toBeNull();
    });

    test('keeps the newest wake-up of a listener who is busy', async () => {
      await using ends = await open();
      const [busy, all] = [ends.there.subscribe<number>('a', 1), ends.there.subscribe<number>('a')];
      for (const value of [1, 2, 3]) ends.here.publish('a', value);
      for (let heard = 0; heard < 3; heard++) await all.next();

      expect((await busy.next()).value).toBe(3);
    });

    test('forgets a listener who leaves', async () => {
      await using ends = await open();
      const [gone, here] = [ends.there.subscribe('a'), ends.there.subscribe('a')];
      await gone.return();

      ends.here.publish('a', 1);

      expect((await here.next()).value).toBe(1);
      expect(gone.size).toBe(0);
    });

    test('ends its listeners with itself', async () => {
      const ends = await open();
      const waiting = ends.there.subscribe('a').next();

      await ends[Symbol.asyncDispose]();

      expect((await waiting).done).toBe(true);
    });
  });
}
