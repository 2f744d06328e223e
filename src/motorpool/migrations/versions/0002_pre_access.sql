-- Who may do what. Every tenant table: forced row-level security, a policy per role that needs it; nothing else is granted.

do $$
declare
  one text;
begin
  -- Tables keyed by the tenant's id.
  foreach one in array array['memberships', 'api_keys', 'events', 'idempotency_keys', 'fleets', 'vehicles', 'vehicle_terms',
    'vehicle_viewers', 'devices', 'device_identifiers', 'device_identities', 'device_assignments'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy owner_all on %I to motorpool_owner using (true) with check (true)', one);
    execute format('create policy of_tenant on %I to motorpool_app using (tenant_id = tenant()) with check (tenant_id = tenant())', one);
  end loop;
  -- Tables keyed by the tenant's number.
  foreach one in array array['telemetry_versions', 'telemetry_devices', 'telemetry_assignments', 'positions', 'latest', 'trips', 'stops'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy owner_all on %I to motorpool_owner using (true) with check (true)', one);
    execute format('create policy of_tenant on %I to motorpool_app using (tenant_no = tenant_no()) with check (tenant_no = tenant_no())', one);
    execute format('create policy ingest_all on %I to motorpool_ingest using (true) with check (true)', one);
  end loop;
  -- Tables without a tenant: only those who need them.
  foreach one in array array['tenants', 'people', 'sessions', 'subscriptions', 'parked_events', 'shards'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy owner_all on %I to motorpool_owner using (true) with check (true)', one);
  end loop;
end $$;

-- Scope: the second wall. An actor who does not see all sees the vehicles it was made a viewer of.
create policy scope on vehicles as restrictive for select to motorpool_app
  using ((select sees_all()) or id in (select vehicle_id from vehicle_viewers where person_id = (select actor())));
create policy scope on vehicle_terms as restrictive for select to motorpool_app
  using ((select sees_all()) or vehicle_id in (select vehicle_id from vehicle_viewers where person_id = (select actor())));
create policy scope on vehicle_viewers as restrictive for select to motorpool_app
  using ((select sees_all()) or person_id = (select actor()));
create policy scope on device_assignments as restrictive for select to motorpool_app
  using ((select sees_all()) or vehicle_id in (select vehicle_id from vehicle_viewers where person_id = (select actor())));
create policy scope on events as restrictive for select to motorpool_app
  using ((select sees_all()) or vehicle_id in (select vehicle_id from vehicle_viewers where person_id = (select actor())));
create policy scope on positions as restrictive for select to motorpool_app
  using ((select sees_all()) or vehicle_no in (select vehicle_no from vehicle_viewers where person_id = (select actor())));
create policy scope on latest as restrictive for select to motorpool_app
  using ((select sees_all()) or vehicle_no in (select vehicle_no from vehicle_viewers where person_id = (select actor())));
create policy scope on trips as restrictive for select to motorpool_app
  using ((select sees_all()) or vehicle_no in (select vehicle_no from vehicle_viewers where person_id = (select actor())));
create policy scope on stops as restrictive for select to motorpool_app
  using ((select sees_all()) or vehicle_no in (select vehicle_no from vehicle_viewers where person_id = (select actor())));

-- app: one tenant at a time.
create policy own_tenant on tenants for select to motorpool_app using (id = tenant());
create policy own_tenant_update on tenants for update to motorpool_app using (id = tenant()) with check (id = tenant());
grant select on tenants to motorpool_app;
grant update (name, settings, registers_unknown_devices, version) on tenants to motorpool_app;
grant select, insert, update, delete on memberships, api_keys, fleets, vehicles, vehicle_terms, vehicle_viewers, devices,
  device_identifiers, device_identities, device_assignments, telemetry_versions, telemetry_devices, telemetry_assignments to motorpool_app;
grant select, insert on events to motorpool_app;
grant select, insert, update on idempotency_keys to motorpool_app;
grant select on positions, latest, trips, stops, stops_public, latest_public, positions_public, trips_public, vehicles_public, tenants_public to motorpool_app;
create policy cursors on subscriptions to motorpool_app using (true) with check (true);
grant select, insert, update on subscriptions to motorpool_app;

-- ingest: positions of all tenants, and nothing of the business.
grant select on telemetry_versions, telemetry_devices, telemetry_assignments, positions to motorpool_ingest;
grant insert on positions to motorpool_ingest;
grant select, insert, update, delete on latest, trips, stops to motorpool_ingest;
create policy ingest_tells on events for insert to motorpool_ingest with check (stream_kind = 'trip');
create policy ingest_counts on events for select to motorpool_ingest using (stream_kind = 'trip');
grant select (tenant_id, stream_kind, stream_id, stream_version), insert on events to motorpool_ingest;
create policy epoch on shards to motorpool_ingest using (true) with check (true);
grant select, insert, update on shards to motorpool_ingest;

-- identity: who is this? Before a tenant is known, and nothing else.
create policy identity_all on people to motorpool_identity using (true) with check (true);
create policy identity_all on sessions to motorpool_identity using (true) with check (true);
create policy identity_reads on tenants for select to motorpool_identity using (true);
create policy identity_reads on memberships for select to motorpool_identity using (true);
create policy identity_reads on api_keys for select to motorpool_identity using (true);
create policy identity_reads on device_identities for select to motorpool_identity using (true);
grant select, insert, update on people, sessions to motorpool_identity;
grant select on tenants, memberships, api_keys, device_identities to motorpool_identity;

-- relay: reads and numbers events.
create policy relay_all on events to motorpool_relay using (true) with check (true);
create policy relay_cursors on subscriptions to motorpool_relay using (true) with check (true);
create policy relay_parks on parked_events to motorpool_relay using (true) with check (true);
create policy relay_reads on tenants for select to motorpool_relay using (true);
grant select on events, tenants to motorpool_relay;
grant update (position) on events to motorpool_relay;
grant usage on sequence event_positions to motorpool_relay;
grant select, insert, update on subscriptions to motorpool_relay;
grant select, insert, update, delete on parked_events to motorpool_relay;

-- control: sets up tenants; what belongs to the new tenant it writes as that tenant.
create policy control_all on tenants to motorpool_control using (true) with check (true);
create policy control_people on people to motorpool_control using (true) with check (true);
create policy control_tenant on memberships to motorpool_control using (tenant_id = tenant()) with check (tenant_id = tenant());
create policy control_tells on events for insert to motorpool_control with check (tenant_id = tenant());
create policy control_counts on events for select to motorpool_control using (tenant_id = tenant());
grant select, insert, update on tenants, people, memberships to motorpool_control;
grant select, insert on events to motorpool_control;

-- A day of positions. Only ingest may write into it directly (COPY does not work through row-level security); nobody else has a right on it.
create function make_day(day date) returns void language plpgsql security definer set search_path = motorpool, pg_temp as $$
declare
  part text := 'positions_' || to_char(day, 'YYYYMMDD');
begin
  if day < (now() at time zone 'utc')::date - 4000 or day > (now() at time zone 'utc')::date + 2 then
    raise exception 'day % is outside of what is kept', day using errcode = 'check_violation';
  end if;
  if to_regclass('motorpool.' || part) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('motorpool.make_day'));
  if to_regclass('motorpool.' || part) is not null then
    return;
  end if;
  execute format('create table %I (like positions including defaults including constraints)', part);
  execute format('alter table %I add primary key (tenant_no, vehicle_no, at, content)', part);
  execute format('alter table positions attach partition %I for values from (%L) to (%L)', part,
    day::timestamp at time zone 'utc', (day + 1)::timestamp at time zone 'utc');
  execute format('grant insert on %I to motorpool_ingest', part);
end $$;
revoke all on function make_day(date) from public;
grant execute on function make_day(date) to motorpool_ingest;

-- Answers to idempotency keys are kept for a day; the relay, which reads no business, forgets them.
create policy relay_ages on idempotency_keys for select to motorpool_relay using (true);
create policy relay_forgets on idempotency_keys for delete to motorpool_relay using (true);
grant select (created_at), delete on idempotency_keys to motorpool_relay;
