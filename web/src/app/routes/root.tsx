import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import type { Api } from "@/lib/api/client";

export const rootRoute = createRootRouteWithContext<{ api: Api; queries: QueryClient }>()({
  component: Outlet,
});
