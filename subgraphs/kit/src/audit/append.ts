import type { Identity } from '../auth/identity.ts';
import { newId } from '../ids.ts';

/** One thing that somebody did or was refused; `details` never holds secrets, scripts or output. */
export interface AuditEvent {
  /** `noun.pastVerb`, for example `command.requested`. */
  readonly action: string;
  readonly organizationId?: string | undefined;
  readonly target?: { readonly type: string; readonly id: string } | undefined;
  readonly outcome?: 'SUCCEEDED' | 'REFUSED';
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Runs `select audit.append(<json>)` inside the transaction that the event belongs to. */
export type AppendRow = (json: string) => Promise<unknown>;

/** Who an audit row names: anything that looks like a verified caller. */
export type AuditActor = Pick<Identity, 'viewer' | 'requestId' | 'remoteAddress'>;

/** Writes the audit row in the caller's transaction: no row, no action. */
export async function appendAudit(append: AppendRow, actor: AuditActor, event: AuditEvent): Promise<void> {
  const row = {
    id: newId(),
    organizationId: event.organizationId ?? null,
    actorKind: actor.viewer.kind,
    actorId: actor.viewer.id,
    actorName: actor.viewer.name,
    action: event.action,
    targetType: event.target?.type ?? null,
    targetId: event.target?.id ?? null,
    outcome: event.outcome ?? 'SUCCEEDED',
    requestId: actor.requestId,
    remoteAddress: actor.remoteAddress ?? null,
    details: event.details ?? {},
  };
  await append(JSON.stringify(row));
}
