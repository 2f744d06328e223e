import { createRoute, Outlet, redirect } from "@tanstack/react-router";
import { Frame } from "@/app/frame/frame";
import { rootRoute } from "@/app/routes/root";
import { meQuery, SessionContext, signInSearch } from "@/lib/session";

/** Everything behind sign-in, within the frame. */
export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery(context.api));
    if (!me) throw redirect({ to: "/sign-in", search: signInSearch(location.href), replace: true });
    return { me };
  },
  component: Inside,
});

function Inside() {
  const { me } = insideRoute.useRouteContext();
  return (
    <SessionContext value={me}>
      <Frame>
        <Outlet />
      </Frame>
    </SessionContext>
  );
}
