import type { EntityManager } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { ViewerScope } from '../auth/viewer.ts';

/**
 * PostgreSQL's own check of rows (row level security): a transaction says whose rows it is about, policies hold it to
 * that, and a transaction that says nothing sees and changes no row. The table's owner is bound too.
 */

/** Columns of a table that say where a row belongs; what a table does not have matches no grant of that kind. */
export interface PlaceColumns {
  readonly organization: string;
  readonly site?: string;
  /** A `text[]`. */
  readonly tags?: string;
  readonly device?: string;
}

const EVERYTHING = '*';
const nowhere: Exclude<ViewerScope, { kind: 'ALL' }> = { kind: 'ORGANIZATIONS', ids: [] };
const ORGANIZATIONS = 'app.organizations';
const SITES = 'app.sites';
const TAGS = 'app.tags';
const DEVICES = 'app.devices';

/** Settings of a transaction that sees the scope; made for `set_config(name, value, true)`. */
export function rowScopeSettings(scope: ViewerScope): Record<string, string> {
  const { ids, siteIds, tags, deviceIds } = scope.kind === 'ALL' ? nowhere : scope;
  return {
    [ORGANIZATIONS]: scope.kind === 'ALL' ? EVERYTHING : arrayText(ids),
    [SITES]: arrayText(siteIds),
    [TAGS]: arrayText(tags),
    [DEVICES]: arrayText(deviceIds),
  };
}

/** Holds every transaction of the entity manager to the scope; reads outside of one get a transaction of their own. */
export function bindRowScope(em: EntityManager, scope: ViewerScope): void {
  em.setSessionContext({ variables: rowScopeSettings(scope) });
}

/** Holds the client's open transaction to the scope, until it ends; without a transaction it has no effect. */
export async function setRowScope(client: pg.ClientBase, scope: ViewerScope): Promise<void> {
  const settings = Object.entries(rowScopeSettings(scope));
  const calls = settings.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
  await client.query(`select ${calls.join(', ')}`, settings.flat());
}

/** SQL that is true for rows within the transaction's scope; each list is read once per statement, not per row. */
export function rowScopeCondition(columns: PlaceColumns): string {
  const { organization, site, tags, device } = columns;
  const conditions = [
    `(select current_setting('${ORGANIZATIONS}', true)) = '${EVERYTHING}'`,
    `${organization} = any (${listOf(ORGANIZATIONS, 'uuid')})`,
    ...(site ? [`${site} = any (${listOf(SITES, 'uuid')})`] : []),
    ...(device ? [`${device} = any (${listOf(DEVICES, 'uuid')})`] : []),
    ...(tags ? [`${tags} && ${listOf(TAGS, 'text')}`] : []),
  ];
  return `(${conditions.join(' or ')})`;
}

/** SQL for a migration: from now on the table shows and takes rows within the transaction's scope only. */
export function rowScopePolicySql(table: string, columns: PlaceColumns): string {
  const condition = rowScopeCondition(columns);
  return `alter table ${table} enable row level security, force row level security;
create policy within_scope on ${table} using ${condition} with check ${condition};`;
}

/** SQL that lets the rest of a transaction see everything: what a migration needs before it changes rows. */
export const seeEverythingSql = `select set_config('${ORGANIZATIONS}', '${EVERYTHING}', true);`;

/** PostgreSQL leaves a setting of an ended transaction empty rather than unset, so both are no row. */
function listOf(setting: string, type: string): string {
  const text = `nullif(nullif(current_setting('${setting}', true), '${EVERYTHING}'), '')`;
  return `coalesce((select ${text}::${type}[]), '{}'::${type}[])`;
}

/** An array as PostgreSQL reads it from text. */
function arrayText(values: readonly string[] = []): string {
  return `{${values.map(value => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
