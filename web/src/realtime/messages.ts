/** The text messages of the realtime protocol, as the server sends them. */

/** What the live picture knows of an open trip. */
export interface LiveTrip {
  readonly id: string;
  readonly started_at: string;
}

/** A vehicle as the snapshot tells it; positions travel apart, in columns. */
export interface LiveVehicle {
  readonly id: string;
  readonly no: number;
  readonly name: string;
  readonly plate: string | null;
  readonly kind: string;
  readonly fleet_id: string | null;
  readonly status: string;
  readonly trip: LiveTrip | null;
}

export interface SnapshotMessage {
  readonly type: "snapshot";
  readonly channel: string;
  /** Events up to this one are already in the snapshot. */
  readonly cursor: number;
  readonly vehicles: readonly LiveVehicle[];
}

export interface EventMessage {
  readonly type: "event";
  readonly channel: string;
  readonly cursor: number;
  /** For example `telemetry.trip_started.v1`. */
  readonly name: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface AckMessage {
  readonly type: "connection_ack";
  readonly client_id: string;
  readonly server_time: string;
  readonly max_payload_size: number;
  readonly heartbeat_interval_s: number;
}

export interface SubscriptionAckMessage {
  readonly type: "subscription_ack";
  readonly id: string;
  readonly channel: string;
  readonly status: string;
  readonly at: string;
}

export interface ResyncMessage {
  readonly type: "resync";
  readonly channel: string;
  readonly reason: string;
}

export interface PongMessage {
  readonly type: "pong";
  /** What the ping carried: our clock in ms since 1970. */
  readonly at: number;
  readonly server_time: string;
}

export interface ErrorMessage {
  readonly type: "error";
  readonly id?: string;
  readonly code: string;
  readonly message: string;
}

export type ServerMessage =
  | AckMessage
  | SubscriptionAckMessage
  | SnapshotMessage
  | EventMessage
  | ResyncMessage
  | PongMessage
  | ErrorMessage;

const KNOWN: ReadonlySet<string> = new Set<ServerMessage["type"]>([
  "connection_ack",
  "subscription_ack",
  "snapshot",
  "event",
  "resync",
  "pong",
  "error",
]);

/** A text frame as a message, or null when it is no message we know (a newer server may say more than we read). */
export function parseMessage(text: string): ServerMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return null;
  return typeof value.type === "string" && KNOWN.has(value.type) ? (value as ServerMessage) : null;
}
