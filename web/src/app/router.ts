import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { routeTree } from "@/app/routes/tree";
import type { Api } from "@/lib/api/client";

export interface RouterContext {
  api: Api;
  queries: QueryClient;
}

/** The app's addresses; `history` is the browser's unless told otherwise. */
export function createAppRouter(context: RouterContext, history?: RouterHistory) {
  return createRouter({
    ...(history ? { history } : {}),
    routeTree,
    context,
    defaultPreload: "intent",
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
