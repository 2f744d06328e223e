import { queryOptions } from "@tanstack/react-query";
import type { Api } from "@/lib/api/client";
import type { Page, Position, Stop, Trip } from "@/lib/api/types";

export interface Span {
  /** ms since 1970 */
  from: number;
  to: number;
}

const POSITIONS_PAGE = 5000;
/** Enough for a vehicle that speaks every second for seven hours; what is beyond is said, not loaded. */
const POSITIONS_AT_MOST = 25_000;

const iso = (at: number) => new Date(at).toISOString();

/** All pages of a list, until there is none or `most` rows are there. */
async function everything<Row>(
  ask: (cursor: string | null) => Promise<Page<Row>>,
  most: number,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const page: Page<Row> = await ask(cursor);
    rows.push(...page.data);
    cursor = page.page.next;
  } while (cursor && rows.length < most);
  return rows;
}

/** Trips of a vehicle that began in a span, oldest first. */
export function tripsQuery(api: Api, vehicleId: string, span: Span, live: boolean) {
  const query = { vehicle_id: vehicleId, from: iso(span.from), to: iso(span.to), limit: 200 };
  return queryOptions({
    queryKey: ["trips", vehicleId, span.from, span.to],
    queryFn: async ({ signal }) => {
      const newestFirst = await everything<Trip>(
        (cursor) => api.get("/trips", { query: { ...query, cursor }, signal }),
        1000,
      );
      return newestFirst.toReversed();
    },
    refetchInterval: live ? 15_000 : false,
  });
}

/** One trip, wherever a link to it comes from. */
export function tripQuery(api: Api, tripId: string) {
  return queryOptions({
    queryKey: ["trips", "one", tripId],
    queryFn: ({ signal }) => api.get<Trip>(`/trips/${tripId}`, { signal }),
  });
}

/** Where the vehicle stood within its trips. */
export function stopsQuery(api: Api, vehicleId: string, span: Span, live: boolean) {
  const query = { vehicle_id: vehicleId, from: iso(span.from), to: iso(span.to), limit: 200 };
  return queryOptions({
    queryKey: ["stops", vehicleId, span.from, span.to],
    queryFn: ({ signal }) =>
      everything<Stop>((cursor) => api.get("/stops", { query: { ...query, cursor }, signal }), 1000),
    refetchInterval: live ? 15_000 : false,
  });
}

/** Where the vehicle was in a span, oldest first. */
export function positionsQuery(api: Api, vehicleId: string, span: Span, live: boolean) {
  const query = { from: iso(span.from), to: iso(span.to), limit: POSITIONS_PAGE };
  return queryOptions({
    queryKey: ["positions", vehicleId, span.from, span.to],
    queryFn: ({ signal }) =>
      everything<Position>(
        (cursor) => api.get(`/vehicles/${vehicleId}/positions`, { query: { ...query, cursor }, signal }),
        POSITIONS_AT_MOST,
      ),
    refetchInterval: live ? 15_000 : false,
  });
}
