"""Tables of a fleet platform in use, so that the planner decides as it would there: twenty companies, thousands of rows each."""

import psycopg

LARGE = ("vehicles", "vehicle_terms", "positions", "latest", "trips", "stops", "events")
TENANT_COLUMNS = ("tenant_id", "tenant_no")

FILL = """
set search_path = motorpool;
set session_replication_role = replica;
insert into tenants (id, slug, name) select md5('t' || n)::uuid, 't' || n, 'T' || n from generate_series(1, 18) n;
insert into fleets (tenant_id, id, name, sort_key)
  select t.id, md5(t.id || 'f' || n)::uuid, 'F' || n, 'f' || n from tenants t, generate_series(1, 10) n;
insert into vehicles (tenant_id, id, name, sort_key, vin, kind, fuel_type, fleet_id, status, created_at)
  select t.id, md5(t.id || 'v' || n)::uuid, 'V' || n, 'v' || n, substr(md5(t.id || 'v' || n), 1, 17), 'van', 'diesel',
    md5(t.id || 'f' || n % 10)::uuid, (array['in_service', 'reserved', 'retired'])[n % 3 + 1], now() - n * interval '1 hour'
  from tenants t, generate_series(1, 1000) n;
insert into vehicle_terms (tenant_id, term, vehicle_id) select tenant_id, sort_key, id from vehicles;
insert into vehicle_terms (tenant_id, term, vehicle_id) select tenant_id, vin, id from vehicles;
insert into latest (tenant_no, vehicle_no, vehicle_id, at, lat_e7, lon_e7, odometer_m, motion, heard_at, state)
  select t.no, v.no, v.id, now(), 470000000, 90000000, 1, 1, now(), '' from vehicles v join tenants t on t.id = v.tenant_id;
insert into trips (tenant_no, id, vehicle_no, vehicle_id, started_at, ended_at, start_lat_e7, start_lon_e7, distance_m, drive_s, idle_s,
    stops, odometer_start_m, checkpoint_at, checkpoint)
  select t.no, md5(v.id || 'r' || n)::uuid, v.no, v.id, now() - n * interval '1 day', now() - n * interval '23 hours', 1, 1, 1, 1, 1, 1,
    1, now() - n * interval '1 day', '' from vehicles v join tenants t on t.id = v.tenant_id, generate_series(1, 3) n;
insert into stops (tenant_no, vehicle_no, started_at, vehicle_id, trip_id, ended_at, left_at, lat_e7, lon_e7, idle_s)
  select tenant_no, vehicle_no, started_at, vehicle_id, id, ended_at, ended_at, 1, 1, 1 from trips;
insert into events (tenant_id, id, stream_kind, stream_id, stream_version, name, vehicle_id, actor_kind, data, position)
  select tenant_id, md5(id || 'e' || n)::uuid, 'vehicle', id, n, 'vehicles.vehicle_changed.v1', id, 'person', '{}',
    nextval('event_positions') from vehicles, generate_series(1, 2) n;
select make_day(current_date), make_day(current_date - 1);
insert into positions (tenant_no, vehicle_no, at, content, device_no, lat_e7, lon_e7)
  select t.no, v.no, current_date + n * interval '1 minute', n, v.no, 1, 1
  from vehicles v join tenants t on t.id = v.tenant_id, generate_series(-2, 2) n;
"""


def fill(url: str) -> None:
    """Fill a migrated database, as the superuser of `url`."""
    with psycopg.connect(url, autocommit=True) as db:
        for statement in FILL.split(";\n"):
            if statement.strip():
                db.execute(statement.encode())
        db.execute("analyze")
