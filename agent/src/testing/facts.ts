import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a fact holds and answers it; fails naming what was waited for. */
export async function until<T>(what: string, fact: () => T | null | undefined | false, withinMs = 12_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = fact();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await sleep(5);
  }
}
