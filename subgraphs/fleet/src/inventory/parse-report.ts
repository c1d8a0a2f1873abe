import { createHash } from 'node:crypto';
import { badInput } from '@muster/kit/errors';
import { INVENTORY_SECTIONS, type InventorySectionName } from './inventory-section.ts';
import type { InventorySectionInput } from './report-inventory.ts';
import { sectionShapes } from './section-shapes.ts';

/** A section once its hash and shape are believed. */
export interface ParsedSection {
  readonly section: InventorySectionName;
  readonly hash: string;
  readonly data: unknown;
}

/** The sections of a report, one of each; BAD_USER_INPUT names the first thing that is wrong. */
export function parseSections(inputs: readonly InventorySectionInput[]): ParsedSection[] {
  const parsed = inputs.map(parseSection);
  return [...new Map(parsed.map(one => [one.section, one])).values()];
}

function parseSection(input: InventorySectionInput, index: number): ParsedSection {
  const path = `input.sections.${index}`;
  if (!INVENTORY_SECTIONS.includes(input.section)) throw badInput(`${path}.section`, 'is unknown');
  if (createHash('sha256').update(input.data).digest('hex') !== input.hash)
    throw badInput(`${path}.hash`, 'is not the sha256 of data');
  const parsed = sectionShapes[input.section].safeParse(parseJson(input.data, `${path}.data`));
  if (parsed.success) return { section: input.section, hash: input.hash, data: parsed.data };
  const [issue] = parsed.error.issues;
  throw badInput(`${path}.data.${issue?.path.join('.') ?? ''}`, issue?.message ?? 'has another shape');
}

function parseJson(text: string, path: string): unknown {
  try {
    // PostgreSQL keeps no NUL in JSON
    return JSON.parse(text.replaceAll('\\u0000', ''));
  } catch {
    throw badInput(path, 'is not JSON');
  }
}
