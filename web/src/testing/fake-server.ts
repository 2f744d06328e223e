import { type Api, createApi, type Hooks } from "@/lib/api/client";
import type { FieldProblem } from "@/lib/api/problem";
import type { Me, Vehicle } from "@/lib/api/types";

/** A route of the fake answers a body (200), or a whole response; at once or later. */
type Route = (request: Request, body: unknown) => unknown;

export interface FakeServer {
  api: Api;
  /** Every request in order, as "POST /vehicles". */
  asked: string[];
  requests: { method: string; path: string; headers: Headers; body: unknown }[];
}

/** A server in memory: routes by "GET /vehicles"; what it does not know is 404, and no network is touched. */
export function fakeServer(routes: Readonly<Record<string, Route>>, hooks: Hooks = {}): FakeServer {
  const asked: string[] = [];
  const requests: FakeServer["requests"] = [];
  const api = createApi(async (request) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    const text = await request.clone().text();
    const body: unknown = text ? JSON.parse(text) : undefined;
    const name = `${request.method} ${path}`;
    asked.push(name);
    requests.push({ method: request.method, path, headers: request.headers, body });
    const answer = await (
      routes[name] ?? (() => problem(404, "not_found", "There is nothing at this address."))
    )(request, body);
    if (answer instanceof Response) return answer;
    return Response.json(answer);
  }, hooks);
  return { api, asked, requests };
}

/** An answer as the server refuses. */
export function problem(status: number, code: string, detail: string, errors?: FieldProblem[]): Response {
  return new Response(JSON.stringify({ type: "about:blank", title: code, status, code, detail, errors }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}

/** One page that is the whole list. */
export function listOf<Row>(...data: Row[]) {
  return { data, page: { next: null, limit: 200 } };
}

export const ADA: Me = {
  person: { id: "p1", name: "Ada Keller", email: "ada@demo.example" },
  tenant: { id: "t1", no: 1, name: "Demo Town", slug: "demo" },
  role: "admin",
  permissions: [
    "vehicles.read",
    "vehicles.write",
    "devices.read",
    "devices.write",
    "api_keys.read",
    "api_keys.write",
  ],
  scope: "all",
  settings: {
    timezone: "Europe/Berlin",
    date_format: "DD/MM/YYYY",
    currency: "EUR",
    distance_unit: "km",
    fuel_unit: "L",
    temperature_unit: "C",
  },
  memberships: [],
};

export function vehicle(given: Partial<Vehicle> = {}): Vehicle {
  return {
    id: "v1",
    no: 1,
    name: "Bus 01",
    vin: null,
    plate: "B-MP 1",
    make: null,
    model: null,
    year: null,
    kind: "bus",
    fuel_type: "diesel",
    fleet_id: null,
    status: "in_service",
    created_at: "2026-01-01T00:00:00Z",
    version: 3,
    latest: null,
    ...given,
  };
}
