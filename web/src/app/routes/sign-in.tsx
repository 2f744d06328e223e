import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { rootRoute } from "@/app/routes/root";
import { ME_KEY, safeReturn } from "@/lib/session";

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  /** `to`: the page to come back to. */
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search["to"] === "string" ? { to: search["to"] } : {},
  beforeLoad: ({ context, search }) => {
    if (context.queries.getQueryData(ME_KEY)) throw redirect({ href: safeReturn(search.to), replace: true });
  },
  component: lazyRouteComponent(() => import("@/app/pages/sign-in"), "SignIn"),
});
