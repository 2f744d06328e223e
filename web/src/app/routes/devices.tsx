import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { insideRoute } from "@/app/routes/inside";

export const devicesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/devices",
  /** `device`: the one in the drawer; `add`: the form is open. */
  validateSearch: (search: Record<string, unknown>): { device?: string; add?: true } => ({
    ...(typeof search["device"] === "string" ? { device: search["device"] } : {}),
    ...(search["add"] ? { add: true as const } : {}),
  }),
  component: lazyRouteComponent(() => import("@/app/pages/devices"), "Devices"),
});
