import type { InventorySectionName } from './inventory-section.ts';
import { type Facts, TRACKED, type Tracked, type TrackedSection } from './tracked-facts.ts';

/** Whether something came, went or is another than before. */
export type ChangeKindName = 'ADDED' | 'REMOVED' | 'CHANGED';

/** One difference between two reports. */
export interface Change {
  readonly section: InventorySectionName;
  readonly kind: ChangeKindName;
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly omitted: number | null;
}

/** Most changes that one report leaves behind, besides the one that counts the rest. */
export const MAX_CHANGES = 500;
const MAX_NAME = 300;
const MAX_VALUE = 1_000;

/** True for a section whose changes are kept. */
export function isTracked(section: InventorySectionName): section is TrackedSection {
  return Object.hasOwn(TRACKED, section);
}

/** What is another between two believed reports of a section; states and usage, which move all the time, do not count. */
export function diffSection(section: TrackedSection, before: unknown, after: unknown): Change[] {
  const toFacts = TRACKED[section] as (data: never) => Tracked;
  const [old, now] = [toFacts(before as never), toFacts(after as never)];
  const changes: Change[] = [];
  for (const [name, thing] of old)
    if (!now.has(name)) changes.push(toChange(section, 'REMOVED', { name, before: summaryOf(thing) }));
  for (const [name, thing] of now) {
    const known = old.get(name);
    if (known === thing) continue;
    if (known !== undefined)
      changes.push(...diffFields(section, name, { before: fieldsOf(known), after: fieldsOf(thing) }));
    // a report of an older agent lacks what newer ones cannot tell either
    else if (summaryOf(thing) !== null || !isObject(section))
      changes.push(toChange(section, 'ADDED', { name, after: summaryOf(thing) }));
  }
  return changes;
}

/** The changes that a report leaves behind: of a flood the first, and how many more there were. */
export function boundChanges(changes: readonly Change[]): readonly Change[] {
  const [first, omitted] = [changes.slice(0, MAX_CHANGES), changes.length - MAX_CHANGES];
  const next = changes[MAX_CHANGES];
  if (!next) return first;
  return [...first, { section: next.section, kind: 'CHANGED', name: '…', before: null, after: null, omitted }];
}

type Thing = Facts | string | null;

const summaryOf = (thing: Thing): string | null => (typeof thing === 'object' ? (thing?.summary ?? null) : thing);
const fieldsOf = (thing: Thing): Facts['fields'] =>
  typeof thing === 'object' && thing !== null ? thing.fields : { '': thing };

const isObject = (section: TrackedSection): boolean => section === 'OS' || section === 'HARDWARE';

function diffFields(
  section: TrackedSection,
  name: string,
  values: Record<'before' | 'after', Facts['fields']>,
): Change[] {
  return Object.entries(values.after).flatMap(([field, after]) => {
    const before = values.before[field] ?? null;
    const path = field === '' ? name : `${name}.${field}`;
    return before === after ? [] : [toChange(section, 'CHANGED', { name: path, before, after })];
  });
}

function toChange(
  section: TrackedSection,
  kind: ChangeKindName,
  change: { name: string; before?: string | null; after?: string | null },
): Change {
  const { name, before = null, after = null } = change;
  return {
    section,
    kind,
    name: cut(name, MAX_NAME),
    before: cut(before, MAX_VALUE),
    after: cut(after, MAX_VALUE),
    omitted: null,
  };
}

function cut<T extends string | null>(text: T, length: number): T {
  return (text && text.length > length ? `${text.slice(0, length - 1)}…` : text) as T;
}
