import { devicesRoute } from "@/app/routes/devices";
import { insideRoute } from "@/app/routes/inside";
import { homeRoute, liveRoute } from "@/app/routes/live";
import { rootRoute } from "@/app/routes/root";
import { settingsRoute } from "@/app/routes/settings";
import { signInRoute } from "@/app/routes/sign-in";
import { vehicleRoute, vehiclesRoute } from "@/app/routes/vehicles";

export const routeTree = rootRoute.addChildren([
  homeRoute,
  signInRoute,
  insideRoute.addChildren([liveRoute, vehiclesRoute, vehicleRoute, devicesRoute, settingsRoute]),
]);
