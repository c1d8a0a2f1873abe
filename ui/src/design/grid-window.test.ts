import { describe, expect, test } from 'vitest';
import { gridWindow, movedIndex } from './grid-window.ts';

describe('gridWindow', () => {
  test('covers what is seen and a margin', () => {
    expect(gridWindow({ scrollTop: 3200, height: 640, rowHeight: 32, count: 10_000 })).toEqual({ from: 92, to: 128 });
  });

  test('ends with the rows', () => {
    expect(gridWindow({ scrollTop: 0, height: 640, rowHeight: 32, count: 3 })).toEqual({ from: 0, to: 3 });
  });

  test('is empty, not negative, when the rows went away under a scrolled grid', () => {
    const { from, to } = gridWindow({ scrollTop: 100_000, height: 640, rowHeight: 32, count: 2 });

    expect(to - from).toBe(0);
  });
});

describe('movedIndex', () => {
  const grid = { count: 100, page: 20 };

  test.each([
    ['ArrowDown', 5, 6],
    ['ArrowUp', 0, 0],
    ['PageDown', 95, 99],
    ['PageUp', 30, 10],
    ['Home', 50, 0],
    ['End', 50, 99],
  ])('%s moves from %d to %d', (key, from, to) => {
    expect(movedIndex(key, from, grid)).toBe(to);
  });

  test('leaves other keys alone', () => {
    expect(movedIndex('x', 5, grid)).toBeUndefined();
  });
});
