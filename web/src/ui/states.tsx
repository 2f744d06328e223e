import { Trans, useLingui } from "@lingui/react/macro";
import { CloudOff, RotateCw } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { failedWith, RequestFailed } from "@/lib/api/problem";
import { Button } from "@/ui/button";
import { cx } from "@/ui/class-names";

/** Nothing for 300 ms, then what it waits for: a skeleton that flashes only looks like a fault. */
export function Later({ children }: { children: ReactNode }) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return due ? children : null;
}

/** Grey lines in the place of what is being loaded. */
export function Skeleton({ lines = 3, className }: { lines?: number; className?: string }) {
  const { t } = useLingui();
  return (
    <Later>
      <div role="status" aria-label={t`Loading`} className={cx("flex flex-col gap-3 p-4", className)}>
        {Array.from({ length: lines }, (_, line) => (
          <div
            // oxlint-disable-next-line react/no-array-index-key -- the lines have no identity
            key={line}
            className="h-4 animate-pulse rounded-lg bg-raised"
            style={{ width: `${92 - ((line * 17) % 40)}%` }}
          />
        ))}
      </div>
    </Later>
  );
}

interface EmptyProps {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
  /** h1 where it is the whole page. */
  heading?: "h1" | "h2";
}

/** Nothing here yet, and what to do first. */
export function Empty({ icon, title, children, actions, heading: Heading = "h2" }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-14 text-center">
      <div className="rounded-full bg-raised p-4 text-quiet">{icon}</div>
      <Heading className="text-lg font-semibold">{title}</Heading>
      <div className="text-quiet">{children}</div>
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** What happened, what was kept, what to do. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useLingui();
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-14 text-center">
      <div className="rounded-full bg-alarm-tint p-4 text-alarm">
        <CloudOff size={26} aria-hidden="true" />
      </div>
      <h2 className="text-lg font-semibold">
        {failedWith(error, 0) ? t`The server does not answer` : t`This could not be loaded`}
      </h2>
      <p className="text-quiet">
        {error instanceof RequestFailed && error.message ? (
          error.message
        ) : (
          <Trans>Nothing was lost. Check the network, then try again.</Trans>
        )}
      </p>
      {onRetry && (
        <Button onClick={onRetry}>
          <RotateCw size={18} aria-hidden="true" />
          <Trans>Try again</Trans>
        </Button>
      )}
    </div>
  );
}
