import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { insideRoute } from "@/app/routes/inside";
import { rootRoute } from "@/app/routes/root";

export const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/live", replace: true });
  },
});

export const liveRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/live",
  /** `vehicle`: the id of the selected one, so that a link shows it. */
  validateSearch: (search: Record<string, unknown>): { vehicle?: string } =>
    typeof search["vehicle"] === "string" ? { vehicle: search["vehicle"] } : {},
  component: lazyRouteComponent(() => import("@/features/live/live-page"), "LivePage"),
});
