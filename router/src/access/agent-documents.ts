import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Viewer } from '@muster/kit/auth/viewer';
import { AppError } from '@muster/kit/errors';

const COMMITTED = new URL('../../../schema/agent-operations.json', import.meta.url);

/** The documents that agents of this release and of earlier ones send, word for word. */
export function readAgentDocuments(): readonly string[] {
  const entries = JSON.parse(readFileSync(fileURLToPath(COMMITTED), 'utf8')) as Record<string, { document: string }>;
  return Object.values(entries).map(({ document }) => document);
}

/** What devices may say: a stolen device key reaches these operations and nothing else of the graph. */
export class AgentDocuments {
  readonly #documents: ReadonlySet<string>;

  constructor(documents: readonly string[]) {
    this.#documents = new Set(documents);
  }

  /** True for a document that an agent sends. */
  has(source: string): boolean {
    return this.#documents.has(source);
  }

  /** The refusal of a document to a device; people and keys may ask what they like. */
  refusal(viewer: Viewer, source: unknown): AppError | undefined {
    if (viewer.kind !== 'DEVICE' || (typeof source === 'string' && this.has(source))) return undefined;
    return new AppError('FORBIDDEN', 'A device may send the operations of its agent only.');
  }
}
