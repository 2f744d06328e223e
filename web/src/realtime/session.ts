/** What comes over the line, put into the store in the right order.
 *
 * A snapshot waits for the positions frame that follows it, so the picture changes in one step. Events are collected
 * for a moment, because after a break a thousand of them can come at once.
 */

import type { ConnectionState } from "@/realtime/connection";
import { decodePositions, MalformedFrame, type PositionColumns } from "@/realtime/frame";
import type { EventMessage, ServerMessage, SnapshotMessage } from "@/realtime/messages";
import { RealtimeSocket } from "@/realtime/socket";
import type { LiveStore } from "@/realtime/store";
import type { Surroundings } from "@/realtime/surroundings";

export interface SessionPorts {
  readonly url: string;
  readonly around: Surroundings;
  /** The server no longer accepts the sign-in. */
  onRefused(): void;
  /** An event was heard: lists that depend on it are out of date. */
  onEvent?(event: EventMessage): void;
}

const GATHER_MS = 50;

export class LiveSession {
  private readonly socket: RealtimeSocket;
  private waiting: SnapshotMessage | null = null;
  private gathered: EventMessage[] = [];
  /** After `resync` nothing counts until the snapshot that follows. */
  private resyncing = false;

  private readonly store: LiveStore;
  private readonly channel: string;
  private readonly ports: SessionPorts;

  constructor(store: LiveStore, channel: string, ports: SessionPorts) {
    this.store = store;
    this.channel = channel;
    this.ports = ports;
    this.socket = new RealtimeSocket(ports.url, ports.around, {
      onState: (state) => this.stateChanged(state),
      onMessage: (message) => this.message(message),
      onFrame: (buffer) => this.frame(buffer),
    });
  }

  start(): void {
    this.socket.subscribe({ channel: this.channel, cursor: () => this.cursor() });
    this.socket.open();
  }

  stop(): void {
    this.flush();
    this.socket.close();
  }

  retryNow(): void {
    this.socket.retryNow();
  }

  private cursor(): number | null {
    this.flush();
    const { channel, cursor } = this.store.state;
    return channel === this.channel && cursor >= 0 && !this.resyncing ? cursor : null;
  }

  private stateChanged(state: ConnectionState): void {
    if (state.kind !== "connected") this.waiting = null;
    this.store.setConnection(state);
    if (state.kind === "refused") this.ports.onRefused();
  }

  private message(message: ServerMessage): void {
    this.settle();
    if (message.type === "connection_ack") this.store.setServerTime(Date.parse(message.server_time));
    if (message.type === "pong") this.store.setServerTime(Date.parse(message.server_time), message.at);
    if (!("channel" in message) || message.channel !== this.channel) return;
    if (message.type === "snapshot") this.waiting = message;
    if (message.type === "resync") this.resync();
    if (message.type === "event" && !this.resyncing) this.gather(message);
  }

  private resync(): void {
    this.gathered = [];
    this.resyncing = true;
  }

  private gather(event: EventMessage): void {
    if (this.gathered.length === 0) this.ports.around.after(GATHER_MS, () => this.flush());
    this.gathered.push(event);
    this.ports.onEvent?.(event);
  }

  private flush(): void {
    const events = this.gathered;
    this.gathered = [];
    if (events.length > 0) this.store.takeEvents(events);
  }

  private frame(buffer: ArrayBuffer): void {
    let columns: PositionColumns;
    try {
      columns = decodePositions(buffer);
    } catch (error) {
      if (error instanceof MalformedFrame) return;
      throw error;
    }
    if (this.waiting) return this.show(this.waiting, columns);
    if (!this.resyncing) this.store.takePositions(columns);
  }

  /** A snapshot that no frame followed counts all the same. */
  private settle(): void {
    if (this.waiting) this.show(this.waiting, null);
  }

  private show(snapshot: SnapshotMessage, columns: PositionColumns | null): void {
    this.waiting = null;
    this.resyncing = false;
    this.store.takeSnapshot(snapshot, columns);
    this.flush();
  }
}
