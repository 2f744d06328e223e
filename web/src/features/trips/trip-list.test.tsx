import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { TripList } from "@/features/trips/trip-list";
import type { VehicleDay } from "@/features/trips/use-vehicle-day";
import type { Trip } from "@/lib/api/types";
import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

const TRIP: Trip = {
  id: "a",
  vehicle_id: "v1",
  started_at: "2026-11-20T06:00:00Z",
  ended_at: "2026-11-20T06:30:00Z",
  distance_m: 12_300,
  drive_s: 1500,
  idle_s: 300,
  stops: 2,
  start: { lat: 0, lon: 0 },
  end: null,
  max_speed_mps: 25,
  odometer_start_m: 0,
  odometer_end_m: null,
  revision: 1,
};
const DAY: VehicleDay = {
  day: "2026-11-20",
  isToday: true,
  bounds: { from: 0, to: 1 },
  trips: [TRIP, { ...TRIP, id: "b", started_at: "2026-11-20T08:00:00Z", ended_at: null }],
  stops: [],
  positions: [],
  selected: null,
  state: "ready",
  error: null,
  retry: vi.fn(),
};
const show = (day: Partial<VehicleDay>, onTrip = vi.fn()) => {
  renderPage(<TripList day={{ ...DAY, ...day }} onTrip={onTrip} />, fakeServer({}).api);
  return onTrip;
};

test("a trip says when, how far, how long and how fast, in the tenant's zone and units", () => {
  show({});
  const button = screen.getByRole("button", { name: /7:00 – 7:30/ });
  expect(button.textContent).toContain("12.3 km");
  expect(button.textContent).toContain("25m driving · 2 stops · 5m idling");
  expect(button.textContent).toContain("max 90 km/h");
});

test("the newest trip stands first, and one without an end is under way", () => {
  show({});
  expect(screen.getAllByRole("button")[0]?.textContent).toContain("9:00 – under way");
});

test("pressing a trip selects it, pressing it again shows the whole day", async () => {
  const select = show({});
  await userEvent.click(screen.getByRole("button", { name: /7:00/ }));
  expect(select).toHaveBeenLastCalledWith("a");
});

test("the selected trip is told as pressed and lets go when pressed", async () => {
  const select = show({ selected: TRIP });
  await userEvent.click(screen.getByRole("button", { pressed: true }));
  expect(select).toHaveBeenLastCalledWith(undefined);
});

test("arrows move among the trips", async () => {
  show({});
  await userEvent.tab();
  await userEvent.keyboard("{ArrowDown}");
  expect(document.activeElement?.textContent).toContain("7:00");
  await userEvent.keyboard("{ArrowUp}");
  expect(document.activeElement?.textContent).toContain("under way");
});

test("a day without trips says what a trip is", () => {
  show({ trips: [] });
  expect(screen.getByRole("heading", { name: "No trip yet today" })).toBeDefined();
});

test("trips that could not be loaded can be asked for again", async () => {
  const retry = vi.fn();
  show({ trips: [], state: "failed", error: new Error("lost"), retry });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledOnce();
});
