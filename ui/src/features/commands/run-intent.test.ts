import { expect, test } from 'vitest';
import { RunIntent } from './run-intent.ts';

function aRunIntent() {
  let count = 0;
  return new RunIntent(() => `key ${++count}`);
}

test('retries the same with the same key', () => {
  const intent = aRunIntent();

  expect(intent.keyFor({ script: 'uptime' })).toBe(intent.keyFor({ script: 'uptime' }));
});

test('gives something else another key', () => {
  const intent = aRunIntent();

  expect(intent.keyFor({ script: 'uptime' })).not.toBe(intent.keyFor({ script: 'reboot' }));
});

test('gives the same another key once it was done', () => {
  const intent = aRunIntent();
  const first = intent.keyFor({ script: 'uptime' });
  intent.settle();

  expect(intent.keyFor({ script: 'uptime' })).not.toBe(first);
});

test('makes keys that do not repeat', () => {
  expect(new RunIntent().keyFor(1)).not.toBe(new RunIntent().keyFor(1));
});
