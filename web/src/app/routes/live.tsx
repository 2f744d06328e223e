import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { insideRoute } from "@/app/routes/inside";
import { rootRoute } from "@/app/routes/root";
import { readLiveSearch } from "@/features/live/live-search";

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
  validateSearch: readLiveSearch,
  component: lazyRouteComponent(() => import("@/features/live/live-page"), "LivePage"),
});
