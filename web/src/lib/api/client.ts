import { type Problem, RequestFailed } from "@/lib/api/problem";

/** Anything with the shape of `fetch`: the browser's, or a handler in memory in tests. */
export type Fetch = (request: Request) => Promise<Response>;

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Options {
  query?: Query;
  signal?: AbortSignal | undefined;
  headers?: Readonly<Record<string, string>>;
}

export interface Api {
  get<T>(path: string, options?: Options): Promise<T>;
  post<T>(path: string, body?: unknown, options?: Options): Promise<T>;
  patch<T>(path: string, body: unknown, version: number, options?: Options): Promise<T>;
  remove(path: string, options?: Options): Promise<void>;
}

export interface Hooks {
  /** Called once for each answer 401, after the session has ended on the server. */
  onSignedOut?: () => void;
}

/** Path below `/api/v1` with what is given of the query, in the given order. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `/api/v1${path}${search ? `?${search}` : ""}`;
}

/** A random UUID; `crypto.randomUUID` exists only on https and localhost, and a depot's server may be on neither. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The server's words about a failure, whatever its form. */
async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: response.statusText,
    status: response.status,
    code: `http_${response.status}`,
  };
  if (!response.headers.get("content-type")?.includes("json")) return fallback;
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

function requestFor(method: string, path: string, body: unknown, options: Options): Request {
  const headers = new Headers({ accept: "application/json", ...options.headers });
  if (body !== undefined) headers.set("content-type", "application/json");
  // The same key, sent again after a lost answer, does the thing once.
  if (method === "POST" && !path.startsWith("/auth/") && !headers.has("idempotency-key")) {
    headers.set("idempotency-key", randomId());
  }
  const address = new URL(addressOf(path, options.query), globalThis.location?.origin ?? "http://localhost");
  return new Request(address, {
    method,
    headers,
    credentials: "same-origin",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** The one way to the server: JSON in and out, `RequestFailed` for everything that is not 2xx. */
export function createApi(fetch: Fetch, hooks: Hooks = {}): Api {
  async function send<T>(method: string, path: string, body: unknown, options: Options = {}): Promise<T> {
    const response = await fetch(requestFor(method, path, body, options)).catch((cause: unknown) => {
      if (options.signal?.aborted) throw cause;
      throw new RequestFailed({ title: "", status: 0, code: "unreachable" });
    });
    if (response.ok) return await answerOf<T>(response);
    if (response.status === 401 && !path.startsWith("/auth/")) hooks.onSignedOut?.();
    throw new RequestFailed(await problemOf(response));
  }

  return {
    get: (path, options) => send("GET", path, undefined, options),
    post: (path, body, options) => send("POST", path, body, options),
    patch: (path, body, version, options) =>
      send("PATCH", path, body, { ...options, headers: { ...options?.headers, "if-match": `"${version}"` } }),
    remove: (path, options) => send("DELETE", path, undefined, options),
  };
}
