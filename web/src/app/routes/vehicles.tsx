import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { insideRoute } from "@/app/routes/inside";
import { vehiclesSearch } from "@/lib/addresses";

export const vehiclesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/vehicles",
  validateSearch: vehiclesSearch,
  component: lazyRouteComponent(() => import("@/app/pages/vehicles"), "Vehicles"),
});

export const vehicleRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/vehicles/$vehicleId",
  /** `day` (2026-11-20) and `trip`: what is looked at; `edit`: the form is open. */
  validateSearch: (search: Record<string, unknown>): { day?: string; trip?: string; edit?: true } => ({
    ...(/^\d{4}-\d\d-\d\d$/.test(String(search["day"])) ? { day: String(search["day"]) } : {}),
    ...(typeof search["trip"] === "string" ? { trip: search["trip"] } : {}),
    ...(search["edit"] ? { edit: true as const } : {}),
  }),
  component: lazyRouteComponent(() => import("@/app/pages/vehicle"), "VehicleDetail"),
});
