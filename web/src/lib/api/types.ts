/** What the API says, in the words of its schema. SI units; times are RFC 3339 in UTC. */

export interface Page<Row> {
  data: Row[];
  page: { next: string | null; limit: number };
}

export type Motion = "unknown" | "moving" | "idling" | "stopped";

export interface Position {
  at: string;
  lat: number;
  lon: number;
  speed_mps: number | null;
  heading_deg: number | null;
  altitude_m: number | null;
  accuracy_m: number | null;
  odometer_m: number | null;
  ignition: boolean | null;
  fuel_percent: number | null;
  rpm: number | null;
  coolant_c: number | null;
  battery_v: number | null;
  dtcs: string[] | null;
  sensors: Record<string, unknown> | null;
}

export interface LatestPosition extends Position {
  vehicle_id: string;
  vehicle_no: number;
  motion: Motion;
  trip_id: string | null;
}

export interface Vehicle {
  id: string;
  no: number;
  name: string;
  vin: string | null;
  plate: string | null;
  make: string | null;
  model: string | null;
  year: number | null;
  kind: string;
  fuel_type: string | null;
  fleet_id: string | null;
  status: string;
  created_at: string;
  version: number;
  latest: LatestPosition | null;
}

export interface Fleet {
  id: string;
  name: string;
  version: number;
  vehicles: number;
}

export interface Place {
  lat: number;
  lon: number;
}

export interface Trip {
  id: string;
  vehicle_id: string;
  started_at: string;
  ended_at: string | null;
  distance_m: number;
  drive_s: number;
  idle_s: number;
  stops: number;
  start: Place;
  end: Place | null;
  max_speed_mps: number;
  odometer_start_m: number;
  odometer_end_m: number | null;
  revision: number;
}

export interface Stop {
  vehicle_id: string;
  started_at: string;
  ended_at: string | null;
  lat: number;
  lon: number;
}

export interface Device {
  id: string;
  no: number;
  name: string | null;
  model: string | null;
  protocol: string | null;
  identifiers: { kind: string; value: string }[];
  vehicle_id: string | null;
  last_heard_at: string | null;
}

export interface Assignment {
  id?: string;
  vehicle_id: string | null;
  from: string;
  source: boolean;
}

export interface ApiKey {
  id: string;
  name: string;
  permissions?: string[] | null;
  created_at?: string;
  last_used_at?: string | null;
}

export interface Instance {
  name: string;
  version: string;
  demo: boolean;
  demo_accounts: { email: string; password: string; tenant: string }[];
}

export interface Settings {
  timezone: string;
  distance_unit: "mi" | "km";
}

export interface Me {
  person: { id: string; name: string; email: string };
  tenant: { id: string; no: number; name: string; slug: string };
  role: string;
  permissions: string[];
  scope: string;
  settings: Settings;
  memberships: { tenant_id: string; name: string; role: string }[];
}
