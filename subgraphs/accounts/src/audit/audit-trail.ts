import type { EntityManager } from '@mikro-orm/postgresql';
import type { Viewer } from '@muster/kit/auth/viewer';
import {
  type Connection,
  decodeCursor,
  encodeCursor,
  type PageArguments,
  pageSize,
  toConnection,
} from '@muster/kit/connection';
import { badInput } from '@muster/kit/errors';
import { requireId } from '@muster/kit/ids';
import { scopeOf } from '../scope-filter.ts';
import type { Store } from '../store.ts';
import { isStorable } from '../validation/text.ts';

/** Which rows somebody looks for; what is left out is not asked about. */
export interface AuditQuestion {
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  readonly actorId?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly targetType?: string | null | undefined;
  readonly targetId?: string | null | undefined;
  readonly organizationId?: string | null | undefined;
}

/** A row as it was written. */
export interface AuditRow {
  readonly id: string;
  readonly sequence: string;
  /** As the driver reads it: text. */
  readonly at: string;
  readonly organizationId: string | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly outcome: 'SUCCEEDED' | 'REFUSED';
  readonly ipAddress: string | null;
  readonly details: unknown;
}

const COLUMNS = `id, sequence::text as sequence, at, organization_id as "organizationId", actor_kind as "actorKind", actor_id as "actorId",
  actor_name as "actorName", action, target_type as "targetType", target_id as "targetId", outcome, remote_address as "ipAddress", details`;
const MAX_TEXT_LENGTH = 200;

/** The trail of every service, newest first; who reads it for some organizations sees no row of any other, nor of none. */
export class AuditTrail {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async list(page: PageArguments, question: AuditQuestion, viewer: Viewer): Promise<Connection<AuditRow>> {
    const size = pageSize(page.first);
    const asked = conditionsOf(question);
    const before = page.after ? sequenceOf(page.after) : undefined;
    return this.#store.as(viewer, 'audit:read').transactional(async em => {
      const conditions = [...asked, ...scopeConditions(em)];
      const shown = before === undefined ? conditions : [...conditions, { sql: 'sequence < ?::bigint', value: before }];
      const rows = await select<AuditRow>(em, COLUMNS, shown, `order by event.sequence desc limit ${size + 1}`);
      const [count] = await select<{ count: number }>(em, 'count(*)::int as count', conditions);
      const cursorOf = (row: AuditRow): string => encodeCursor([row.sequence]);
      return toConnection(rows, size, { cursorOf, totalCount: count?.count ?? 0, isAfter: Boolean(page.after) });
    });
  }
}

interface Condition {
  readonly sql: string;
  readonly value: string | Date;
}

async function select<T>(
  em: EntityManager,
  columns: string,
  ...[conditions, rest = '']: [readonly Condition[], string?]
): Promise<T[]> {
  const where = ['true', ...conditions.map(({ sql }) => sql)].join(' and ');
  const values = conditions.map(({ value }) => value);
  return (await em.execute(`select ${columns} from audit.event where ${where} ${rest}`, values)) as T[];
}

function scopeConditions(em: EntityManager): Condition[] {
  const scope = scopeOf(em);
  if (scope.kind === 'ALL') return [];
  return [{ sql: "organization_id = any (string_to_array(?, ',')::uuid[])", value: scope.ids.join(',') }];
}

function conditionsOf(question: AuditQuestion): Condition[] {
  const { from, to, organizationId } = question;
  const text = (field: 'actorId' | 'action' | 'targetType' | 'targetId', column: string): Condition[] => {
    const value = question[field];
    if (value == null) return [];
    if (value.length > MAX_TEXT_LENGTH || !isStorable(value))
      throw badInput(`filter.${field}`, 'is no such name or id');
    return [{ sql: `${column} = ?`, value }];
  };
  return [
    ...(from ? [{ sql: 'at >= ?', value: from }] : []),
    ...(to ? [{ sql: 'at < ?', value: to }] : []),
    ...(organizationId
      ? [{ sql: 'organization_id = ?', value: requireId('filter.organizationId', organizationId) }]
      : []),
    ...text('actorId', 'actor_id'),
    ...text('action', 'action'),
    ...text('targetType', 'target_type'),
    ...text('targetId', 'target_id'),
  ];
}

function sequenceOf(cursor: string): string {
  const [sequence] = decodeCursor(cursor, 1);
  if (typeof sequence !== 'string' || !/^\d{1,18}$/.test(sequence))
    throw badInput('after', 'is not a cursor of this list');
  return sequence;
}
