import { insideRoute } from "@/app/routes/inside";
import { homeRoute, liveRoute } from "@/app/routes/live";
import { rootRoute } from "@/app/routes/root";
import { signInRoute } from "@/app/routes/sign-in";

export const routeTree = rootRoute.addChildren([
  homeRoute,
  signInRoute,
  insideRoute.addChildren([liveRoute]),
]);
