import type { ReactNode } from "react";

interface PageProps {
  title: string;
  /** The way back, before the title. */
  back?: ReactNode;
  /** Said beside the title: a count, a state. */
  note?: ReactNode;
  /** Verbs of the page, the main one last. */
  actions?: ReactNode;
  children: ReactNode;
  /** The page fills the window and scrolls inside (tables, maps). */
  fill?: boolean;
}

/** A page of the frame: one heading, its verbs, its content. Also names the browser's tab. */
export function Page({ title, back, note, actions, children, fill }: PageProps) {
  return (
    <div className={fill ? "flex h-full min-h-0 flex-col" : "min-h-full pb-10"}>
      <title>{`${title} · Motorpool`}</title>
      <header className="flex min-h-15 items-center gap-3 px-4 py-2 md:min-h-19 md:gap-4 md:px-6">
        {back}
        <div className="flex min-w-0 flex-1 flex-col md:flex-row md:items-baseline md:gap-4">
          <h1 className="truncate text-xl font-semibold tracking-tight">{title}</h1>
          {note && <div className="truncate text-sm text-quiet md:text-base">{note}</div>}
        </div>
        {actions && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A titled block of a page. */
export function Card({
  title,
  actions,
  children,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="rounded-lg border border-line bg-surface">
      {(title || actions) && (
        <div className="flex min-h-13 items-center gap-3 border-b border-line px-4 py-1">
          {title && <h2 className="text-base font-semibold">{title}</h2>}
          {actions && <div className="ml-auto flex items-center gap-2">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
