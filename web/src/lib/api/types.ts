import type { components } from "@/lib/api/schema";

/** What the API says, in the words of its schema (`npm run api` writes it). SI units; times are RFC 3339 in UTC. */
type Schemas = components["schemas"];

export interface Page<Row> {
  data: Row[];
  page: { next: string | null; limit: number };
}

export type Position = Schemas["PositionOut"];
/** The last position of a vehicle; `heard_at` is the last sign of life, with or without a place. */
export type LatestPosition = Schemas["LatestOut"];
export type Motion = LatestPosition["motion"];
/** The last position as lists of vehicles carry it. */
export type VehicleLatest = Schemas["VehicleLatest"];
export type Vehicle = Required<Schemas["VehicleOut"]>;
export type Fleet = Schemas["FleetOut"];
export type Trip = Schemas["TripOut"];
/** Standing within a trip. */
export type Stop = Schemas["StopOut"];
/** `on_ports` of an identifier: it may speak on the device ports; false while another company holds it. */
export type Device = Schemas["DeviceOut"];
/** From then on the device speaks for the vehicle (null: for none), until the next assignment begins. */
export type Assignment = Schemas["AssignmentOut"];
export type ApiKey = Schemas["ApiKeyOut"];
/** The secret is in the answer to the request that made the key, and nowhere else. */
export type NewApiKey = Schemas["ApiKeyCreatedOut"];
export type Instance = Schemas["InstanceOut"];
export type Settings = Schemas["SettingsOut"];
/** `person` is null when a key asks; in the browser it is always somebody. */
export type Me = Schemas["MeOut"];
