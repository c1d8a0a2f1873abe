import { Channel } from '@muster/kit/channel';
import { expect, test } from 'vitest';
import { takeArrived } from './event-reader.ts';

const open = () => new Channel<number | null>({ limit: 10 });

test('takes everything that waits at once', async () => {
  const channel = open();
  for (const value of [1, 2, 3]) channel.push(value);

  expect(await takeArrived(channel)).toEqual({ events: [1, 2, 3], mustReadAgain: false });
});

test('waits for the first event where none waits', async () => {
  const channel = open();
  const arrived = takeArrived(channel);
  channel.push(1);

  expect(await arrived).toEqual({ events: [1], mustReadAgain: false });
});

test('says when something may have been missed', async () => {
  const channel = open();
  for (const value of [1, null]) channel.push(value);

  expect(await takeArrived(channel)).toEqual({ events: [1], mustReadAgain: true });
});

test('ends with its channel', async () => {
  const channel = open();
  channel.end();

  expect(await takeArrived(channel)).toBeUndefined();
});
