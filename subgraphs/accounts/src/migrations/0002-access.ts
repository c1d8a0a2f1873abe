import { Migration } from '@mikro-orm/migrations';
import { rowScopePolicySql } from '@muster/kit/database/row-scope';

const PEOPLE = `
alter table accounts."user"
  alter password_hash drop not null,
  add status text not null default 'ACTIVE'
    constraint user_status_check check (status in ('ACTIVE', 'INVITED', 'DISABLED')),
  add last_seen_at timestamptz,
  add sort_name text not null generated always as (lower(name)) stored;
alter table accounts."user" alter status drop default;
create index user_sort_name_id_index on accounts."user" (sort_name, id);

create table accounts.user_token (
  id uuid primary key,
  user_id uuid not null
    constraint user_token_user_id_foreign references accounts."user" on delete cascade,
  purpose text not null constraint user_token_purpose_check check (purpose in ('INVITATION', 'PASSWORD_RESET')),
  token_hash bytea not null constraint user_token_token_hash_unique unique,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index user_token_user_id_index on accounts.user_token (user_id);

create table accounts.access_request (
  id uuid primary key,
  email text not null,
  name text not null,
  message text not null,
  remote_address text,
  created_at timestamptz not null
);
create unique index access_request_email_unique on accounts.access_request (lower(email));

create table accounts.settings (
  id smallint primary key constraint settings_single_row check (id = 1),
  accepts_access_requests boolean not null
);
insert into accounts.settings (id, accepts_access_requests) values (1, false);
`;

const RIGHTS = `
insert into accounts.role (id, key, name, permissions) values
  (gen_random_uuid(), 'ADMIN', 'Admin', '{}'),
  (gen_random_uuid(), 'TECHNICIAN', 'Technician', '{}'),
  (gen_random_uuid(), 'READ_ONLY', 'Read-only', '{}'),
  (gen_random_uuid(), 'AUDITOR', 'Auditor', '{}'),
  (gen_random_uuid(), 'CLIENT_USER', 'Client user', '{}');
create unique index role_name_unique on accounts.role (lower(name));

drop index accounts.grant_unique;
alter table accounts."grant"
  drop constraint grant_scope_check,
  add organization_id uuid
    constraint grant_organization_id_foreign references accounts.organization on delete cascade,
  add site_id uuid
    constraint grant_site_id_foreign references accounts.site on delete cascade,
  add tag text,
  add device_id uuid;
-- grants on sites, tags and devices could not be made before
delete from accounts."grant" g where scope_kind <> 'ALL'
  and not exists (select from accounts.organization where id = g.scope_id and g.scope_kind = 'ORGANIZATION');
update accounts."grant" set organization_id = scope_id where scope_kind = 'ORGANIZATION';
alter table accounts."grant"
  drop column scope_id,
  add constraint grant_scope_check check (
    (organization_id is not null) = (scope_kind in ('ORGANIZATION', 'SITE')) and (site_id is not null) = (scope_kind = 'SITE')
    and (tag is not null) = (scope_kind = 'TAG') and (device_id is not null) = (scope_kind = 'DEVICE'));
create unique index grant_unique on accounts."grant"
  (user_id, role_id, scope_kind, organization_id, site_id, tag, device_id) nulls not distinct;
create index grant_organization_id_index on accounts."grant" (organization_id);
create index grant_site_id_index on accounts."grant" (site_id);
create index grant_role_id_index on accounts."grant" (role_id);

create table accounts.api_key (
  id uuid primary key,
  user_id uuid not null
    constraint api_key_user_id_foreign references accounts."user" on delete cascade,
  name text not null,
  prefix text not null constraint api_key_prefix_unique unique,
  token_hash bytea not null constraint api_key_token_hash_unique unique,
  permissions text[] not null,
  scopes jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz
);
create index api_key_user_id_index on accounts.api_key (user_id);
`;

/** A site-bound viewer sees the organization around its sites; a person is seen by who sees a grant of hers. */
const ROWS = `
${rowScopePolicySql('accounts.organization', { organization: 'id' })}
create policy around_sites on accounts.organization for select
  using (exists (select from accounts.site where site.organization_id = organization.id));
${rowScopePolicySql('accounts.site', { organization: 'organization_id', site: 'id' })}
${rowScopePolicySql('accounts."grant"', { organization: 'organization_id', site: 'site_id' })}
alter table accounts."user" enable row level security, force row level security;
create policy within_scope on accounts."user" using (
  (select current_setting('app.organizations', true)) = '*'
  or exists (select from accounts."grant" where "grant".user_id = "user".id));
`;

/** Asked by services in the middle of their own transactions, so it leaves their scope as it was. */
const DIRECTORY = `
create or replace function directory.organization_of_site(site uuid) returns uuid
  language plpgsql stable security definer set search_path = accounts, pg_temp as $$
declare
  scope text := coalesce(current_setting('app.organizations', true), '');
  answer uuid;
begin
  perform set_config('app.organizations', '*', true);
  select organization_id into answer from accounts.site s where s.id = organization_of_site.site;
  perform set_config('app.organizations', scope, true);
  return answer;
end $$;
`;

/** Invitations, roles and grants of every scope, API keys, and row level security. */
export class Migration0002Access extends Migration {
  override up(): void {
    for (const part of [PEOPLE, RIGHTS, ROWS, DIRECTORY]) this.addSql(part);
  }
}
