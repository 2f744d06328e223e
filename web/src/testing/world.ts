/** A world for connections in which time stands still until told to go on. */

import type { Line, Surroundings } from "@/realtime/surroundings";

/** One connection as the server's end sees it. */
export class TestLine implements Line {
  readonly sent: Record<string, unknown>[] = [];
  closedWith: number | null = null;
  private heard: (data: unknown) => void = () => undefined;
  private closed: (code: number) => void = () => undefined;

  listen(heard: (data: unknown) => void, closed: (code: number) => void): void {
    this.heard = heard;
    this.closed = closed;
  }

  leave(): void {
    this.heard = () => undefined;
    this.closed = () => undefined;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(code = 1005): void {
    this.closedWith = code;
  }

  /** The server says something: a message, or a frame as it is. */
  say(message: Record<string, unknown> | ArrayBuffer | string): void {
    const plain = typeof message === "string" || message instanceof ArrayBuffer;
    this.heard(plain ? message : JSON.stringify(message));
  }

  acknowledge(heartbeatS = 25): void {
    this.say({
      type: "connection_ack",
      client_id: "c",
      server_time: new Date(0).toISOString(),
      max_payload_size: 1_000_000,
      heartbeat_interval_s: heartbeatS,
    });
  }

  /** The server, or the network, ends it. */
  end(code: number): void {
    this.closed(code);
  }
}

export class TestWorld implements Surroundings {
  readonly lines: TestLine[] = [];
  online = true;
  chance = 0.5;
  private nowMs = 0;
  private timers: { at: number; run: () => void }[] = [];
  private network = new Set<(online: boolean) => void>();
  private visible = new Set<() => void>();

  get line(): TestLine {
    const line = this.lines.at(-1);
    if (!line) throw new Error("Nobody connected yet.");
    return line;
  }

  connect(): TestLine {
    const line = new TestLine();
    this.lines.push(line);
    return line;
  }

  wall(): number {
    return this.nowMs;
  }

  random(): number {
    return this.chance;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.nowMs + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  isOnline(): boolean {
    return this.online;
  }

  onNetwork(changed: (online: boolean) => void): () => void {
    this.network.add(changed);
    return () => this.network.delete(changed);
  }

  onVisible(shown: () => void): () => void {
    this.visible.add(shown);
    return () => this.visible.delete(shown);
  }

  /** Let `ms` pass; what falls due happens in order. */
  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.nowMs = due.at;
      due.run();
    }
    this.nowMs = end;
  }

  setOnline(online: boolean): void {
    this.online = online;
    for (const changed of this.network) changed(online);
  }

  look(): void {
    for (const shown of this.visible) shown();
  }
}
