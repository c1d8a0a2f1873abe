import { Migration } from '@mikro-orm/migrations';

const TABLES = `
create table accounts."user" (
  id uuid primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null
);
create unique index user_email_unique on accounts."user" (lower(email));

create table accounts.organization (
  id uuid primary key,
  name text not null,
  slug text not null constraint organization_slug_unique unique,
  sort_name text not null generated always as (lower(name)) stored,
  created_at timestamptz not null
);
create index organization_sort_name_id_index on accounts.organization (sort_name, id);

create table accounts.site (
  id uuid primary key,
  organization_id uuid not null
    constraint site_organization_id_foreign references accounts.organization on delete cascade,
  name text not null,
  time_zone text not null,
  created_at timestamptz not null
);
create unique index site_organization_id_name_unique on accounts.site (organization_id, lower(name));

create table accounts.role (
  id uuid primary key,
  key text constraint role_key_unique unique,
  name text not null,
  permissions text[] not null
);

create table accounts."grant" (
  id uuid primary key,
  user_id uuid not null
    constraint grant_user_id_foreign references accounts."user" on delete cascade,
  role_id uuid not null
    constraint grant_role_id_foreign references accounts.role on delete restrict,
  scope_kind text not null
    constraint grant_scope_kind_check check (scope_kind in ('ALL', 'ORGANIZATION', 'SITE', 'TAG', 'DEVICE')),
  scope_id uuid,
  created_at timestamptz not null,
  constraint grant_scope_check check ((scope_kind = 'ALL') = (scope_id is null))
);
create unique index grant_unique on accounts."grant" (user_id, role_id, scope_kind, scope_id) nulls not distinct;

create table accounts.session (
  id uuid primary key,
  user_id uuid not null
    constraint session_user_id_foreign references accounts."user" on delete cascade,
  token_hash bytea not null constraint session_token_hash_unique unique,
  kind text not null constraint session_kind_check check (kind in ('BROWSER', 'CLI')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  remote_address text
);
create index session_user_id_index on accounts.session (user_id);

create table accounts.setup (
  id smallint primary key constraint setup_single_row check (id = 1),
  secret_hash bytea,
  completed_at timestamptz,
  constraint setup_secret_ends check (completed_at is null or secret_hash is null)
);
`;

const ROWS = `
insert into accounts.role (id, key, name, permissions) values (gen_random_uuid(), 'OWNER', 'Owner', '{}');
insert into accounts.setup (id) values (1);
`;

/** What other services may ask: which organization a site belongs to, and nothing else. */
const DIRECTORY = `
do $$ begin
  if to_regnamespace('directory') is null then
    raise exception 'The schema "directory" is missing: provision the database of accounts with it.';
  end if;
end $$;
create function directory.organization_of_site(site uuid) returns uuid
  language sql stable security definer set search_path = accounts, pg_temp as $$
  select organization_id from accounts.site where id = organization_of_site.site
$$;
grant execute on function directory.organization_of_site(uuid) to public;
`;

/** Tables of people, tenants, rights and sessions, and the directory that other services may ask. */
export class Migration0001Accounts extends Migration {
  override up(): void {
    for (const part of [TABLES, ROWS, DIRECTORY]) this.addSql(part);
  }
}
