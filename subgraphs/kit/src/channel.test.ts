import { expect, test } from 'vitest';
import { Channel } from './channel.ts';

test('hands values over in order, whoever comes first', async () => {
  const channel = new Channel<number>({ limit: 10 });
  channel.push(1);
  const early = [channel.next(), channel.next(), channel.next()];
  channel.push(2);
  channel.push(3);

  expect((await Promise.all(early)).map(step => step.value)).toEqual([1, 2, 3]);
});

test('delivers what waits before it ends', async () => {
  const channel = new Channel<number>({ limit: 10 });
  channel.push(1);
  channel.end();
  channel.push(2);

  expect(await Array.fromAsync(channel)).toEqual([1]);
});

test('return() takes effect at once although nobody pushes, and tells the owner once', async () => {
  let ends = 0;
  const channel = new Channel<number>({ limit: 10, onEnd: () => ends++ });
  const waiting = channel.next();

  await channel.return();
  await channel.return();

  expect((await waiting).done).toBe(true);
  expect(ends).toBe(1);
});

test('a reader who falls behind is ended with a code, after what it had', async () => {
  const channel = new Channel<number>({ limit: 2 });
  for (const value of [1, 2, 3, 4]) channel.push(value);

  expect([(await channel.next()).value, (await channel.next()).value]).toEqual([1, 2]);
  await expect(channel.next()).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  expect((await channel.next()).done).toBe(true);
});

test('or loses the oldest where only the newest counts', async () => {
  const channel = new Channel<number>({ limit: 2, overflow: 'drop-oldest' });
  for (const value of [1, 2, 3, 4]) channel.push(value);
  channel.end();

  expect(await Array.fromAsync(channel)).toEqual([3, 4]);
});

test('tells a source that can pause when its reader has caught up, or has left', async () => {
  const channel = new Channel<number>({ limit: 10 });
  for (const value of [1, 2, 3]) channel.push(value);
  const order: string[] = [];
  const toOne = channel.drainedTo(1).then(() => order.push('one waits'));
  const toNone = channel.drainedTo(0).then(() => order.push('over'));
  await channel.drainedTo(3);

  await channel.next();
  await channel.next();
  await toOne;
  await channel.return();
  await toNone;

  expect(order).toEqual(['one waits', 'over']);
});
