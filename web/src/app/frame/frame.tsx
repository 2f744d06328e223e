import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Ellipsis, Search } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { OfflineBanner } from "@/app/frame/offline-banner";
import { entryClass, SectionLink } from "@/app/frame/rail";
import { usePaletteKeys } from "@/app/frame/use-palette-keys";
import { SECTIONS } from "@/app/sections";
import { can, useMe } from "@/lib/session";
import { ToastRegion } from "@/ui/toast";

// Both hold React Aria's overlays: not needed for the first picture.
const Palette = lazy(() => import("@/app/frame/palette").then((module) => ({ default: module.Palette })));
const MoreSheet = lazy(() =>
  import("@/app/frame/more-sheet").then((module) => ({ default: module.MoreSheet })),
);
const ReaderMenu = lazy(() =>
  import("@/app/frame/reader-menu").then((module) => ({ default: module.ReaderMenu })),
);

type Open = "palette" | "more" | null;

/** Rail (desktop) or bar (phone), and the page. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<Open>(null);
  usePaletteKeys(() => setOpen("palette"));
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-accent px-4 py-3 font-medium text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        <Trans>Skip to content</Trans>
      </a>
      <Rail onSearch={() => setOpen("palette")} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <OfflineBanner />
        <main
          id="content"
          tabIndex={-1}
          aria-label={t`Content`}
          className="min-h-0 flex-1 overflow-y-auto outline-none"
        >
          {children}
        </main>
      </div>
      <Bar onSearch={() => setOpen("palette")} onMore={() => setOpen("more")} />
      <ToastRegion />
      <Suspense>
        {open === "palette" && <Palette onClose={() => setOpen(null)} />}
        {open === "more" && <MoreSheet onClose={() => setOpen(null)} />}
      </Suspense>
    </div>
  );
}

function useSections() {
  const me = useMe();
  return SECTIONS.filter((section) => !section.permission || can(me, section.permission));
}

function Rail({ onSearch }: { onSearch: () => void }) {
  const { t } = useLingui();
  const sections = useSections();
  return (
    <nav
      aria-label={t`Sections`}
      className="hidden w-(--rail) shrink-0 flex-col items-center gap-1 border-r border-line bg-surface py-3 md:flex"
    >
      <Link
        to="/live"
        aria-label={t`Motorpool, start page`}
        className="mb-2 grid size-11 place-items-center rounded-lg"
      >
        <img src="/icon.svg" alt="" width={32} height={32} />
      </Link>
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts="Control+K /"
        title={t`Find anything (Ctrl K)`}
        className={entryClass("h-15 w-17")}
      >
        <Search size={22} strokeWidth={1.9} aria-hidden="true" />
        <Trans>Find</Trans>
      </button>
      {sections
        .filter((section) => !section.foot)
        .map((section) => (
          <SectionLink key={section.to} section={section} className="h-15 w-17" />
        ))}
      <div className="mt-auto flex flex-col items-center gap-1">
        {sections
          .filter((section) => section.foot)
          .map((section) => (
            <SectionLink key={section.to} section={section} className="h-15 w-17" />
          ))}
        <Suspense fallback={<div className="size-11" />}>
          <ReaderMenu />
        </Suspense>
      </div>
    </nav>
  );
}

/** How many sections the phone's bar holds beside Find and More. */
const IN_BAR = 3;

function Bar({ onSearch, onMore }: { onSearch: () => void; onMore: () => void }) {
  const { t } = useLingui();
  const sections = useSections();
  return (
    <nav
      aria-label={t`Sections`}
      className="grid shrink-0 grid-cols-5 gap-1 border-t border-line bg-surface px-1 pt-1 pb-[max(4px,env(safe-area-inset-bottom))] md:hidden"
    >
      {sections.slice(0, IN_BAR).map((section) => (
        <SectionLink key={section.to} section={section} className="h-13" />
      ))}
      <button type="button" onClick={onSearch} className={entryClass("h-13")}>
        <Search size={22} strokeWidth={1.9} aria-hidden="true" />
        <Trans>Find</Trans>
      </button>
      <button type="button" onClick={onMore} aria-haspopup="dialog" className={entryClass("h-13")}>
        <Ellipsis size={22} strokeWidth={1.9} aria-hidden="true" />
        <Trans>More</Trans>
      </button>
    </nav>
  );
}
