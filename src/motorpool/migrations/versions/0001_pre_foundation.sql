-- What every table stands on: who is asking, and the log of events.

create function tenant() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.tenant', true), '')::uuid;
comment on function tenant() is 'The tenant of this transaction; null outside one.';

create function tenant_no() returns integer language sql stable parallel safe
  return nullif(current_setting('app.tenant_no', true), '')::integer;
comment on function tenant_no() is 'The number of the tenant of this transaction, for telemetry''s narrow keys.';

create function actor() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.actor', true), '')::uuid;
comment on function actor() is 'Who acts in this transaction.';

create function sees_all() returns boolean language sql stable parallel safe
  return coalesce(current_setting('app.scope', true), '') = 'all';
comment on function sees_all() is 'Whether the actor sees every vehicle of the tenant.';

-- Tenants, people and how they prove who they are.

create table tenants (
  id uuid primary key,
  no integer generated always as identity unique,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null check (length(name) between 1 and 200),
  status text not null default 'active' check (status in ('active', 'suspended', 'pending_deletion')),
  settings jsonb not null default '{}',
  registers_unknown_devices boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now()
);

create table people (
  id uuid primary key,
  email text not null unique check (email = lower(email) and length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 200),
  password_hash text,
  created_at timestamptz not null default now()
);

create table memberships (
  tenant_id uuid not null default tenant() references tenants (id),
  person_id uuid not null references people (id),
  role text not null check (role in ('admin', 'fleet_manager', 'technician', 'driver', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, person_id)
);
create index memberships_by_person on memberships (person_id);

create table sessions (
  id uuid primary key,
  person_id uuid not null references people (id),
  tenant_id uuid not null references tenants (id),
  token_hash bytea not null unique,
  agent text not null default '',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_by_person on sessions (person_id);

create table api_keys (
  tenant_id uuid not null default tenant() references tenants (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  secret_hash bytea not null,
  permissions text[] not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (tenant_id, id)
);
create index api_keys_by_id on api_keys (id);

-- Facts. One table is outbox, source of audit and source of replay; `position` is given after commit by one sequencer.

create table events (
  tenant_id uuid not null default tenant() references tenants (id),
  id uuid not null,
  stream_kind text not null,
  stream_id uuid not null,
  stream_version integer not null,
  name text not null,
  vehicle_id uuid,
  actor_id uuid,
  actor_kind text not null,
  correlation_id uuid,
  causation_id uuid,
  data jsonb not null,
  at timestamptz not null default clock_timestamp(),
  written bigint generated always as identity,
  position bigint,
  primary key (tenant_id, id),
  unique (tenant_id, stream_kind, stream_id, stream_version)
);
-- `position > 0`, not `is not null`: for the relay, which reads all companies' events. A query of one company cannot be answered by it,
-- and so never walks through the events of all others.
create unique index events_by_position on events (position) where position > 0;
create index events_unnumbered on events (written) where position is null;
create index events_of_tenant on events (tenant_id, position);
create sequence event_positions;

create table subscriptions (
  name text primary key,
  position bigint not null default 0
);

create table parked_events (
  subscription text not null,
  position bigint not null,
  attempts integer not null,
  error text not null,
  parked_at timestamptz not null default now(),
  primary key (subscription, position)
);

create table idempotency_keys (
  tenant_id uuid not null default tenant() references tenants (id),
  actor_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  status integer,
  headers jsonb,
  body bytea,
  created_at timestamptz not null default now(),
  primary key (tenant_id, actor_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Vehicles.

create table fleets (
  tenant_id uuid not null default tenant() references tenants (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  sort_key text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, sort_key)
);

create table vehicles (
  tenant_id uuid not null default tenant() references tenants (id),
  id uuid not null,
  no integer generated always as identity,
  name text not null check (length(name) between 1 and 200),
  sort_key text not null,
  vin text check (length(vin) = 17),
  plate text check (length(plate) <= 40),
  make text check (length(make) <= 100),
  model text check (length(model) <= 100),
  year integer check (year between 1900 and 2200),
  kind text not null,
  fuel_type text not null,
  fleet_id uuid,
  status text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, no),
  unique (tenant_id, vin),
  foreign key (tenant_id, fleet_id) references fleets (tenant_id, id)
);
create index vehicles_by_name on vehicles (tenant_id, sort_key, id);
create index vehicles_by_created on vehicles (tenant_id, created_at, id);
create index vehicles_by_fleet on vehicles (tenant_id, fleet_id, sort_key, id);

create table vehicle_terms (
  tenant_id uuid not null default tenant(),
  term text not null,
  vehicle_id uuid not null,
  primary key (tenant_id, term, vehicle_id),
  foreign key (tenant_id, vehicle_id) references vehicles (tenant_id, id) on delete cascade
);
create index vehicle_terms_by_vehicle on vehicle_terms (tenant_id, vehicle_id);

create table vehicle_viewers (
  tenant_id uuid not null default tenant(),
  person_id uuid not null,
  vehicle_id uuid not null,
  vehicle_no integer not null,
  primary key (tenant_id, person_id, vehicle_id),
  foreign key (tenant_id, vehicle_id) references vehicles (tenant_id, id) on delete cascade
);

-- Devices.

create table devices (
  tenant_id uuid not null default tenant() references tenants (id),
  id uuid not null,
  no integer generated always as identity,
  name text not null check (length(name) between 1 and 200),
  sort_key text not null,
  model text check (length(model) <= 100),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, no)
);
create index devices_by_name on devices (tenant_id, sort_key, id);

create table device_identifiers (
  tenant_id uuid not null default tenant(),
  value text not null check (length(value) between 1 and 100),
  device_id uuid not null,
  primary key (tenant_id, value),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade
);
create index device_identifiers_by_device on device_identifiers (tenant_id, device_id);

-- Who may speak on the device ports, where no tenant is known yet: an identifier belongs to one tenant.
create table device_identities (
  value text primary key check (length(value) between 1 and 100),
  tenant_id uuid not null default tenant() references tenants (id),
  device_id uuid not null
);

create table device_assignments (
  tenant_id uuid not null default tenant(),
  device_id uuid not null,
  from_at timestamptz not null,
  vehicle_id uuid,
  is_source boolean not null default true,
  primary key (tenant_id, device_id, from_at),
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, vehicle_id) references vehicles (tenant_id, id) on delete cascade
);
create index device_assignments_by_vehicle on device_assignments (tenant_id, vehicle_id, from_at);

-- Telemetry. Keys are integers (docs/adr/0004): a position is stored by the hundred million.

create table telemetry_versions (
  tenant_no integer primary key default tenant_no(),
  version bigint not null
);

create table telemetry_devices (
  tenant_no integer not null default tenant_no(),
  device_no integer not null,
  tenant_id uuid not null default tenant(),
  identifiers text[] not null,
  on_ports text[] not null default '{}',
  primary key (tenant_no, device_no)
);

create table telemetry_assignments (
  tenant_no integer not null default tenant_no(),
  device_no integer not null,
  from_us bigint not null,
  vehicle_no integer,
  vehicle_id uuid,
  is_source boolean not null,
  primary key (tenant_no, device_no, from_us)
);

create table positions (
  tenant_no integer not null default tenant_no(),
  vehicle_no integer not null,
  at timestamptz not null,
  content bigint not null,
  device_no integer not null,
  lat_e7 integer not null,
  lon_e7 integer not null,
  speed_mps real,
  heading_deg real,
  altitude_m real,
  accuracy_m real,
  odometer_m double precision,
  ignition boolean,
  fuel_percent real,
  rpm real,
  coolant_c real,
  battery_v real,
  extra jsonb,
  primary key (tenant_no, vehicle_no, at, content)
) partition by range (at);

create table latest (
  tenant_no integer not null default tenant_no(),
  vehicle_no integer not null,
  vehicle_id uuid not null,
  at timestamptz not null,
  lat_e7 integer not null,
  lon_e7 integer not null,
  speed_mps real,
  heading_deg real,
  altitude_m real,
  accuracy_m real,
  ignition boolean,
  fuel_percent real,
  rpm real,
  coolant_c real,
  battery_v real,
  extra jsonb,
  odometer_m double precision not null,
  motion smallint not null,
  trip_id uuid,
  trip_started_at timestamptz,
  trip_distance_m double precision,
  trip_drive_s double precision,
  trip_idle_s double precision,
  trip_stops integer,
  trip_max_speed_mps real,
  heard_at timestamptz not null,
  state bytea not null,
  primary key (tenant_no, vehicle_no)
) with (fillfactor = 50);

create table trips (
  tenant_no integer not null default tenant_no(),
  id uuid not null,
  vehicle_no integer not null,
  vehicle_id uuid not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  start_lat_e7 integer not null,
  start_lon_e7 integer not null,
  end_lat_e7 integer,
  end_lon_e7 integer,
  distance_m double precision not null,
  drive_s double precision not null,
  idle_s double precision not null,
  stops integer not null,
  max_speed_mps real,
  odometer_start_m double precision not null,
  odometer_end_m double precision,
  revision integer not null default 1,
  checkpoint_at timestamptz,
  checkpoint bytea not null,
  primary key (tenant_no, id)
);
create index trips_by_vehicle on trips (tenant_no, vehicle_no, started_at, id);
create index trips_by_start on trips (tenant_no, started_at, id);
create unique index one_open_trip on trips (tenant_no, vehicle_no) where ended_at is null;

create table stops (
  tenant_no integer not null default tenant_no(),
  vehicle_no integer not null,
  started_at timestamptz not null,
  vehicle_id uuid not null,
  trip_id uuid not null,
  ended_at timestamptz not null,
  left_at timestamptz not null,
  lat_e7 integer not null,
  lon_e7 integer not null,
  idle_s double precision not null,
  primary key (tenant_no, vehicle_no, started_at)
);
create index stops_by_trip on stops (tenant_no, trip_id);

create table shards (
  shard integer primary key,
  epoch bigint not null
);

-- What others may read of telemetry. `security_invoker`: the reader's own rights and row-level security count.

create view latest_public with (security_invoker = true) as
select tenant_no, vehicle_no, vehicle_id, at, lat_e7 / 1e7::float8 as lat, lon_e7 / 1e7::float8 as lon, speed_mps, heading_deg,
  altitude_m, accuracy_m, ignition, fuel_percent, rpm, coolant_c, battery_v, extra, odometer_m,
  (array['unknown', 'moving', 'idling', 'stopped'])[motion + 1] as motion, trip_id, trip_started_at, heard_at,
  lat_e7, lon_e7, motion as motion_code
from latest;

create view positions_public with (security_invoker = true) as
select tenant_no, vehicle_no, at, content, device_no, lat_e7 / 1e7::float8 as lat, lon_e7 / 1e7::float8 as lon, speed_mps,
  heading_deg, altitude_m, accuracy_m, odometer_m, ignition, fuel_percent, rpm, coolant_c, battery_v, extra
from positions;

-- A trip that lasts shows its figures so far.
create view trips_public with (security_invoker = true) as
select t.tenant_no, t.id, t.vehicle_no, t.vehicle_id, t.started_at, t.ended_at,
  coalesce(l.trip_distance_m, t.distance_m) as distance_m, coalesce(l.trip_drive_s, t.drive_s) as drive_s,
  coalesce(l.trip_idle_s, t.idle_s) as idle_s, coalesce(l.trip_stops, t.stops) as stops,
  t.start_lat_e7 / 1e7::float8 as start_lat, t.start_lon_e7 / 1e7::float8 as start_lon,
  t.end_lat_e7 / 1e7::float8 as end_lat, t.end_lon_e7 / 1e7::float8 as end_lon,
  coalesce(l.trip_max_speed_mps, t.max_speed_mps) as max_speed_mps, t.odometer_start_m, t.odometer_end_m, t.revision
from trips t left join latest l
  on t.ended_at is null and l.tenant_no = t.tenant_no and l.vehicle_no = t.vehicle_no and l.trip_id = t.id;

create view stops_public with (security_invoker = true) as
select tenant_no, vehicle_no, vehicle_id, trip_id, started_at, ended_at, left_at, lat_e7 / 1e7::float8 as lat,
  lon_e7 / 1e7::float8 as lon, idle_s
from stops;

create view vehicles_public with (security_invoker = true) as
select tenant_id, id, no, name, sort_key, plate, kind, fleet_id, status from vehicles;

create view tenants_public with (security_invoker = true) as
select id, no, slug, name, status, settings, registers_unknown_devices from tenants where id = tenant();
