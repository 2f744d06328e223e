import { createRoute } from "@tanstack/react-router";
import { rootRoute } from "@/app/routes/root";

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search["to"] === "string" ? { to: search["to"] } : {},
  component: () => null,
});
