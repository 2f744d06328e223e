import { Trans, useLingui } from "@lingui/react/macro";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, type ErrorComponentProps, Link, Outlet } from "@tanstack/react-router";
import { MapPinOff } from "lucide-react";
import type { Api } from "@/lib/api/client";
import { buttonClass } from "@/ui/button";
import { Empty, Failure, Skeleton } from "@/ui/states";

export const rootRoute = createRootRouteWithContext<{ api: Api; queries: QueryClient }>()({
  component: Outlet,
  errorComponent: Broken,
  notFoundComponent: Missing,
  pendingComponent: () => <Skeleton lines={6} />,
});

function Broken({ error, reset }: ErrorComponentProps) {
  return (
    <main>
      <Failure error={error} onRetry={reset} />
    </main>
  );
}

function Missing() {
  const { t } = useLingui();
  return (
    <main>
      <Empty
        heading="h1"
        icon={<MapPinOff size={26} aria-hidden="true" />}
        title={t`There is no page here`}
        actions={
          <Link to="/live" className={buttonClass("primary")}>
            <Trans>Go to the map</Trans>
          </Link>
        }
      >
        <Trans>The address may be mistyped, or what it showed is gone.</Trans>
      </Empty>
    </main>
  );
}
