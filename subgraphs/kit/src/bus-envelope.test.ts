import { expect, test } from 'vitest';
import { packMessages, unpackMessages } from './bus-envelope.ts';

test('messages travel together as long as they fit one notification', () => {
  const messages = Array.from({ length: 500 }, (_, index) => [`topic.${index}`, { id: index }] as const);

  const packets = packMessages(messages);

  expect(packets.length).toBeLessThan(4);
  expect(packets.every(packet => Buffer.byteLength(packet) <= 7_900)).toBe(true);
  expect(packets.flatMap(unpackMessages)).toEqual(messages);
});

test('a payload that fits no notification becomes a wake-up', () => {
  expect(packMessages([['a', 'x'.repeat(8_000)]]).map(unpackMessages)).toEqual([[['a', null]]]);
  expect(packMessages([['a', 'ä'.repeat(3_940)]]).map(unpackMessages)).toEqual([[['a', 'ä'.repeat(3_940)]]]);
});

test('nothing is sent when there is nothing to say', () => {
  expect(packMessages([])).toEqual([]);
});

test.each(['', '[', '{}', '[1]', '[["a"]]', 'null'])('a foreign notification (%s) says nothing', packet => {
  expect(unpackMessages(packet)).toEqual([]);
});
