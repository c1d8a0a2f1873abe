import { Migration } from '@mikro-orm/migrations';

/** Tables of the fleet as first released. */
export class Migration20261122First extends Migration {
  override up(): void {
    this.addSql(`create table server_key (
      id boolean primary key default true check (id), private_key bytea not null, public_key bytea not null, created_at timestamptz not null default now())`);
    this.addSql('create sequence device_revision as bigint');
    this.addSql(`create table enrollment_token (
      id uuid primary key, token_hash bytea not null unique, organization_id uuid not null, site_id uuid not null,
      needs_approval boolean not null, max_uses int not null, uses int not null default 0,
      created_at timestamptz not null, expires_at timestamptz not null)`);
    this.addSql(`create table device (
      id uuid primary key, public_key bytea not null unique, organization_id uuid not null, site_id uuid not null,
      hostname text not null, display_name text, os_family text not null,
      status text not null check (status in ('PENDING', 'ONLINE', 'OFFLINE', 'OVERDUE', 'REVOKED')),
      agent_version text not null, protocol int not null, enrolled_at timestamptz not null, last_seen_at timestamptz not null,
      connected_at timestamptz, booted_at timestamptz, inventory_at timestamptz, remote_address text,
      search_text text not null, revision bigint not null default nextval('device_revision'))`);
    this.addSql('create index device_by_organization on device (organization_id, hostname, id)');
    this.addSql('create index device_by_site on device (site_id)');
    this.addSql('create index device_by_hostname on device (hostname, id)');
    this.addSql(`create table inventory_section (
      device_id uuid not null references device (id) on delete cascade, section text not null, hash text not null, data jsonb not null,
      reported_at timestamptz not null, primary key (device_id, section))`);
    this.addSql(`create table command (
      id uuid primary key, organization_id uuid not null, device_id uuid not null references device (id) on delete cascade,
      requester_kind text not null, requester_id text not null, requester_name text not null, request_key text not null, request_hash bytea not null,
      spec jsonb not null, environment bytea not null, status text not null default 'QUEUED' check (status in
        ('QUEUED', 'LEASED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'EXPIRED', 'LOST')),
      queued_at timestamptz not null default now(), expires_at timestamptz not null, lease_until timestamptz, attempt int not null default 0,
      cancel_requested_at timestamptz, started_at timestamptz, finished_at timestamptz, exit_code int, signal text, reason text,
      output_bytes bigint not null default 0, stored_bytes bigint not null default 0, is_output_truncated boolean not null default false,
      last_sequence int not null default 0, unique (requester_kind, requester_id, request_key)) with (fillfactor = 80)`);
    this.addSql(`create index command_to_lease on command (device_id, id) where status = 'QUEUED'`);
    this.addSql(`create index command_leases on command (lease_until) where status in ('LEASED', 'RUNNING')`);
    this.addSql(`create index command_expiry on command (expires_at) where status = 'QUEUED'`);
    this.addSql('create index command_of_device on command (device_id, id desc)');
    this.addSql(`create table command_output (
      command_id uuid not null references command (id) on delete cascade, sequence int not null, stream text not null check (stream in ('STDOUT', 'STDERR')),
      at timestamptz not null, data bytea not null, primary key (command_id, sequence))`);
  }
}
