import { rowScopeCondition } from '../database/row-scope.ts';

/**
 * The audit trail: services may only append, through a function that runs with its owner's rights, so that no service
 * can change what it or another has written. A service that is granted `select` reads the rows of its transaction's
 * scope; rows of no organization are seen with everything only. One statement per installation, again harmless.
 */
export const AUDIT_SCHEMA_SQL = `
create schema if not exists audit;
create table if not exists audit.event (
  sequence bigint generated always as identity primary key,
  id uuid not null unique,
  at timestamptz not null default clock_timestamp(),
  organization_id uuid,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  action text not null,
  target_type text,
  target_id text,
  outcome text not null,
  request_id text not null,
  remote_address text,
  details jsonb not null default '{}'
);
create or replace function audit.append(event jsonb) returns void
  language sql security definer set search_path = audit, pg_temp as $$
  insert into audit.event (id, organization_id, actor_kind, actor_id, actor_name, action, target_type, target_id, outcome, request_id, remote_address, details)
  select (event->>'id')::uuid, (event->>'organizationId')::uuid, event->>'actorKind', event->>'actorId', event->>'actorName', event->>'action',
         event->>'targetType', event->>'targetId', event->>'outcome', event->>'requestId', event->>'remoteAddress', coalesce(event->'details', '{}')
$$;
create index if not exists event_organization_id_sequence_index on audit.event (organization_id, sequence);
revoke all on audit.event from public;
do $$ begin
  if not exists (select from pg_policies where schemaname = 'audit' and tablename = 'event') then
    alter table audit.event enable row level security;
    create policy within_scope on audit.event for select using ${rowScopeCondition({ organization: 'organization_id' })};
  end if;
end $$;
grant execute on function audit.append(jsonb) to public;
`;
