/** What a connection needs of the world around it, and the browser as that world. */

/** A WebSocket, as far as it is used: text out, text and array buffers in. */
export interface Line {
  listen(heard: (data: unknown) => void, closed: (code: number) => void): void;
  /** Hear no more. */
  leave(): void;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface Surroundings {
  connect(url: string): Line;
  wall(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
  isOnline(): boolean;
  /** Call back when the network comes (true) or goes (false). */
  onNetwork(changed: (online: boolean) => void): () => void;
  /** Call back when the tab becomes visible. */
  onVisible(shown: () => void): () => void;
}

function browserLine(url: string): Line {
  const socket = new WebSocket(url);
  const leaving = new AbortController();
  socket.binaryType = "arraybuffer";
  return {
    listen: (heard, closed) => {
      const { signal } = leaving;
      socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => heard(data), { signal });
      socket.addEventListener("close", ({ code }) => closed(code), { signal });
    },
    leave: () => leaving.abort(),
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code, reason) => socket.close(code, reason),
  };
}

export const BROWSER: Surroundings = {
  connect: browserLine,
  wall: () => Date.now(),
  random: () => Math.random(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  isOnline: () => navigator.onLine,
  onNetwork: (changed) => {
    const came = () => changed(true);
    const went = () => changed(false);
    addEventListener("online", came);
    addEventListener("offline", went);
    return () => {
      removeEventListener("online", came);
      removeEventListener("offline", went);
    };
  },
  onVisible: (shown) => {
    const changed = () => {
      if (document.visibilityState === "visible") shown();
    };
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  },
};

/** Address of the realtime endpoint on the page's own server. */
export function realtimeUrl({ protocol, host }: Pick<Location, "protocol" | "host">): string {
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/api/v1/ws`;
}
