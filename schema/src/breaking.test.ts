import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { refuseBreaking } from './breaking.ts';
import { describeBreakingChanges } from './diff.ts';

const changes = describeBreakingChanges('type Query { now: Int at: Int }', 'type Query { now: Int }');

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'muster-breaking-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'docs/adr'), { recursive: true });
  writeFileSync(join(root, 'docs/adr/0042-clocks.md'), '# 0042 Clocks');
  return root;
}

test('refuses to take away what callers use, and says how it is done', () => {
  expect(changes).toEqual(['breaking: Query.at was removed.']);
  expect(refuseBreaking(project(), changes, undefined)).toContain('--allow-breaking=NNNN');
});

test.each(['0041', '42', '../adr', ''])('refuses %j, which names no decision record', number => {
  expect(refuseBreaking(project(), changes, number)).toContain('There is no docs/adr/');
});

test('lets through what a decision record allows, and what breaks nobody', () => {
  const risky = describeBreakingChanges('enum E { A } type Query { e: E }', 'enum E { A B } type Query { e: E }');

  expect(refuseBreaking(project(), changes, '0042')).toBeUndefined();
  expect(risky).toEqual([expect.stringMatching(/^risky: /)]);
  expect(refuseBreaking(project(), risky, undefined)).toBeUndefined();
});
