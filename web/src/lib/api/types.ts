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

/** The last position, as lists of vehicles carry it. */
export interface VehicleLatest {
  at: string;
  lat: number;
  lon: number;
  speed_mps: number | null;
  heading_deg: number | null;
  motion: Motion;
  odometer_m: number | null;
  fuel_percent: number | null;
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
  fuel_type: string;
  fleet_id: string | null;
  status: string;
  created_at: string;
  version: number;
  latest: VehicleLatest | null;
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
  name: string;
  model: string | null;
  /** `on_ports`: it may speak on the device ports; false while another company holds the identifier. */
  identifiers: { value: string; on_ports: boolean }[];
  vehicle_id: string | null;
  created_at: string;
  version: number;
}

/** From then on the device speaks for the vehicle (null: for none), until the next assignment begins. */
export interface Assignment {
  vehicle_id: string | null;
  from: string;
  source: boolean;
}

export interface ApiKey {
  id: string;
  name: string;
  permissions: string[];
  created_at: string;
  revoked_at: string | null;
}

/** The secret is in the answer to the request that made the key, and nowhere else. */
export interface NewApiKey extends ApiKey {
  secret: string;
}

export interface Instance {
  name: string;
  version: string;
  demo: boolean;
  demo_accounts: { email: string; password: string; tenant: string }[];
}

export interface Settings {
  timezone: string;
  date_format: "MM/DD/YYYY" | "DD/MM/YYYY" | "DD.MM.YYYY" | "YYYY-MM-DD";
  currency: string;
  distance_unit: "mi" | "km";
  fuel_unit: "gal" | "L";
  temperature_unit: "F" | "C";
}

export interface Me {
  /** Null when a key asks; in the browser it is always somebody. */
  person: { id: string; name: string; email: string } | null;
  tenant: { id: string; no: number; name: string; slug: string };
  role: string | null;
  permissions: string[];
  scope: "all" | "own";
  settings: Settings;
  memberships: { tenant_id: string; name: string; role: string }[];
}
