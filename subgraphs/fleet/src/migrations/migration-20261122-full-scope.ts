import { Migration } from '@mikro-orm/migrations';

/** Identity, columns and labels of devices; history of inventories; jobs, scripts and replicas. */
export class Migration20261122FullScope extends Migration {
  override up(): void {
    this.#devices();
    this.#inventories();
    this.#commands();
    this.#scripts();
  }

  #devices(): void {
    this.addSql(
      `create table instance (id uuid primary key, started_at timestamptz not null default now(), seen_at timestamptz not null default now())`,
    );
    this.addSql(
      `alter table enrollment_token add column allows_re_enrollment boolean not null default true, add column revoked_at timestamptz`,
    );
    // presence and reports rewrite rows all the time: room in the page keeps them out of the indexes
    this.addSql('alter table device set (fillfactor = 70)');
    this.addSql(`alter table device
      add column machine_id text, add column serial_number text, add column mac_addresses text[] not null default '{}',
      add column instance_id uuid, add column clock_skew_seconds double precision,
      add column tags text[] not null default '{}', add column notes text, add column custom_fields jsonb not null default '{}',
      add column os_name text not null default '', add column os_version text, add column architecture text, add column needs_reboot boolean,
      add column manufacturer text, add column model text, add column addresses text[] not null default '{}', add column memory_bytes bigint, add column cpu_threads int`);
    this.addSql(`update device d set os_name = coalesce(s.data->>'name', ''), os_version = s.data->>'version', architecture = s.data->>'architecture',
      needs_reboot = (s.data->>'needsReboot')::boolean from inventory_section s where s.device_id = d.id and s.section = 'OS'`);
    this.addSql(`update device d set manufacturer = s.data->>'manufacturer', model = s.data->>'model', memory_bytes = (s.data->>'memoryBytes')::bigint,
      cpu_threads = (s.data->'cpu'->>'threads')::int from inventory_section s where s.device_id = d.id and s.section = 'HARDWARE'`);
    this.addSql('create index device_by_machine on device (machine_id) where machine_id is not null');
    this.addSql('create index device_by_serial on device (serial_number) where serial_number is not null');
    this.addSql('create index device_by_revision on device (revision)');
    this.addSql('create index device_by_tag on device using gin (tags)');
    this.addSql(`create table custom_field (id uuid primary key, name text not null unique, kind text not null check (kind in ('TEXT', 'NUMBER', 'BOOLEAN')),
      description text, created_at timestamptz not null)`);
  }

  #inventories(): void {
    // sections are written and read whole: as text they cost a tenth of what their binary form costs
    this.addSql('alter table inventory_section alter column data type json using data::json');
    this.addSql(
      `do $$ begin alter table inventory_section alter column data set compression lz4; exception when others then null; end $$`,
    );
    this.addSql(`create table inventory_change (
      id uuid primary key, device_id uuid not null references device (id) on delete cascade, section text not null, at timestamptz not null,
      kind text not null check (kind in ('ADDED', 'REMOVED', 'CHANGED')), name text not null, before text, after text, omitted int)`);
    this.addSql('create index inventory_change_of_device on inventory_change (device_id, id desc)');
  }

  #commands(): void {
    this.addSql(`create table job (
      id uuid primary key, organization_ids uuid[] not null, requester_kind text not null, requester_id text not null, requester_name text not null,
      request_key text not null, request_hash bytea not null, spec jsonb not null, environment bytea not null, device_count int not null, concurrency int,
      requested_at timestamptz not null default now(), expires_at timestamptz not null, unique (requester_kind, requester_id, request_key))`);
    // the commands of a job share its orders: ten thousand devices do not mean ten thousand copies of a script
    this.addSql(`alter table command
      add column job_id uuid references job (id) on delete cascade, add column timeout_seconds int not null default 300,
      add column is_limited boolean not null default false, add column is_presumed boolean not null default false,
      alter column spec drop not null, alter column environment drop not null, alter column request_key drop not null, alter column request_hash drop not null`);
    this.addSql(`update command set timeout_seconds = (spec->>'timeoutSeconds')::int`);
    this.addSql('create index command_of_job on command (job_id, id) where job_id is not null');
    this.addSql(
      `create index command_live_of_job on command (job_id) where job_id is not null and status in ('LEASED', 'RUNNING')`,
    );
    this.addSql(`create index command_limited on command (device_id) where status = 'QUEUED' and is_limited`);
    this.addSql('create index command_of_organization on command (organization_id, id desc)');
  }

  #scripts(): void {
    this.addSql(`create table script (id uuid primary key, name text not null unique, description text, created_at timestamptz not null,
      updated_at timestamptz not null, latest_version int not null)`);
    this.addSql(`create table script_version (script_id uuid not null references script (id) on delete cascade, version int not null, shell text not null,
      text text not null, arguments jsonb not null, timeout_seconds int not null, comment text, author_kind text not null, author_id text not null,
      author_name text not null, created_at timestamptz not null, primary key (script_id, version))`);
  }
}
