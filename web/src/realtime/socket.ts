/** One WebSocket that comes back.
 *
 * It tries again after everything but a normal close and a refused sign-in, without an end; at once when the network
 * returns or the tab is looked at. A line that is silent for two heartbeats is taken for dead. Time, chance, the
 * network and the socket itself are arguments.
 */

import { waitMs } from "@/realtime/backoff";
import type { ConnectionState } from "@/realtime/connection";
import { parseMessage, type ServerMessage } from "@/realtime/messages";
import type { Line, Surroundings } from "@/realtime/surroundings";

export interface SocketEvents {
  onState(state: ConnectionState): void;
  onMessage(message: ServerMessage): void;
  onFrame(buffer: ArrayBuffer): void;
}

/** A channel wanted for as long as the page is open; `cursor` says from where to go on after a break. */
export interface Subscription {
  readonly channel: string;
  readonly params?: Readonly<Record<string, unknown>>;
  cursor(): number | null;
}

const NORMAL = 1000;
const POLICY = 1008;
/** Our own code for a line we gave up. */
const SILENT = 4000;
const OPEN_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 5_000;
const DEFAULT_HEARTBEAT_S = 25;

export class RealtimeSocket {
  private line: Line | null = null;
  private acknowledged = false;
  private attempt = 0;
  private lostAtMs: number | null = null;
  private heartbeatMs = DEFAULT_HEARTBEAT_S * 1_000;
  private heardAtMs = 0;
  private nextId = 1;
  private wanted = new Map<string, Subscription>();
  private cancelTimer: () => void = () => undefined;
  private stopListening: (() => void)[] = [];

  private readonly url: string;
  private readonly around: Surroundings;
  private readonly events: SocketEvents;

  constructor(url: string, around: Surroundings, events: SocketEvents) {
    this.url = url;
    this.around = around;
    this.events = events;
  }

  /** Connect and stay connected until `close`. */
  open(): void {
    if (this.stopListening.length > 0) return;
    this.stopListening = [
      this.around.onNetwork((online) => this.networkChanged(online)),
      this.around.onVisible(() => this.looked()),
    ];
    this.connect();
  }

  /** Leave for good. */
  close(): void {
    this.stop({ kind: "closed" });
  }

  /** Try now instead of waiting. */
  retryNow(): void {
    if (!this.line && this.stopListening.length > 0) this.connect();
  }

  /** Want a channel, now and after every reconnect. Wanting it again with other parameters replaces it. */
  subscribe(subscription: Subscription): () => void {
    this.wanted.set(subscription.channel, subscription);
    if (this.acknowledged) this.ask(subscription);
    return () => {
      if (this.wanted.get(subscription.channel) !== subscription) return;
      this.wanted.delete(subscription.channel);
      if (this.acknowledged) this.say({ type: "unsubscribe", id: this.id(), channel: subscription.channel });
    };
  }

  private connect(): void {
    this.cancelTimer();
    if (!this.around.isOnline()) return this.goOffline();
    if (this.lostAtMs === null) this.events.onState({ kind: "connecting" });
    else
      this.events.onState({
        kind: "reconnecting",
        lostAtMs: this.lostAtMs,
        retryAtMs: 0,
        attempt: this.attempt,
      });
    const line = this.around.connect(this.url);
    this.line = line;
    this.acknowledged = false;
    line.listen(
      (data) => this.heard(line, data),
      (code) => this.lost(line, code),
    );
    this.cancelTimer = this.around.after(OPEN_WITHIN_MS, () => this.giveUp(line));
  }

  private heard(line: Line, data: unknown): void {
    if (line !== this.line) return;
    this.heardAtMs = this.around.wall();
    if (data instanceof ArrayBuffer) return this.events.onFrame(data);
    const message = typeof data === "string" ? parseMessage(data) : null;
    if (!message) return;
    if (message.type === "connection_ack") this.welcomed(message.heartbeat_interval_s);
    this.events.onMessage(message);
  }

  private welcomed(heartbeatS: number): void {
    this.acknowledged = true;
    this.attempt = 0;
    this.lostAtMs = null;
    this.heartbeatMs = (heartbeatS > 0 ? heartbeatS : DEFAULT_HEARTBEAT_S) * 1_000;
    this.events.onState({ kind: "connected" });
    for (const subscription of this.wanted.values()) this.ask(subscription);
    this.beat();
  }

  /** Ask every heartbeat, so the server knows we are here; two heartbeats without a word and the line is dead. */
  private beat(): void {
    this.cancelTimer();
    this.cancelTimer = this.around.after(this.heartbeatMs, () => {
      if (this.around.wall() - this.heardAtMs >= 2 * this.heartbeatMs) return this.giveUp(this.line);
      this.ping();
      this.beat();
    });
  }

  private ping(): void {
    this.say({ type: "ping", at: this.around.wall() });
  }

  private giveUp(line: Line | null): void {
    if (!line || line !== this.line) return;
    line.close(SILENT, "silent");
    this.lost(line, SILENT);
  }

  private lost(line: Line, code: number): void {
    if (line !== this.line) return;
    line.leave();
    const refused = code === POLICY && !this.acknowledged;
    this.line = null;
    this.acknowledged = false;
    this.cancelTimer();
    if (refused) return this.stop({ kind: "refused" });
    if (code === NORMAL) return this.stop({ kind: "closed" });
    this.wait();
  }

  private wait(): void {
    if (!this.around.isOnline()) return this.goOffline();
    const lostAtMs = (this.lostAtMs ??= this.around.wall());
    this.attempt += 1;
    const pauseMs = waitMs(this.attempt, () => this.around.random());
    const retryAtMs = this.around.wall() + pauseMs;
    this.events.onState({ kind: "reconnecting", lostAtMs, retryAtMs, attempt: this.attempt });
    this.cancelTimer = this.around.after(pauseMs, () => this.connect());
  }

  private goOffline(): void {
    this.lostAtMs ??= this.around.wall();
    this.events.onState({ kind: "offline", lostAtMs: this.lostAtMs });
  }

  private networkChanged(online: boolean): void {
    if (online) return this.retryNow();
    const line = this.line;
    if (line) return this.giveUp(line);
    this.cancelTimer();
    this.goOffline();
  }

  /** A tab that was asleep may hold a dead line: ask, and do not wait a whole heartbeat for the answer. */
  private looked(): void {
    if (!this.line) return this.retryNow();
    if (!this.acknowledged) return;
    const line = this.line;
    const askedAtMs = this.around.wall();
    this.ping();
    this.cancelTimer();
    this.cancelTimer = this.around.after(ANSWER_WITHIN_MS, () => {
      if (this.heardAtMs < askedAtMs) this.giveUp(line);
      else this.beat();
    });
  }

  private stop(state: ConnectionState): void {
    this.cancelTimer();
    for (const stop of this.stopListening) stop();
    this.stopListening = [];
    const line = this.line;
    this.line = null;
    this.acknowledged = false;
    if (line) {
      line.leave();
      line.close(NORMAL);
    }
    this.events.onState(state);
  }

  private ask(subscription: Subscription): void {
    const { channel, params } = subscription;
    const from = subscription.cursor();
    this.say({
      type: "subscribe",
      id: this.id(),
      channel,
      ...(params && { params }),
      ...(from !== null && { cursor: from }),
    });
  }

  private id(): string {
    return String(this.nextId++);
  }

  private say(message: Readonly<Record<string, unknown>>): void {
    this.line?.send(JSON.stringify(message));
  }
}
