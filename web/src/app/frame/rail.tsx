import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { Section } from "@/app/sections";
import { cx } from "@/ui/class-names";

const ENTRY =
  "group flex flex-col items-center justify-center gap-1 rounded-lg text-center text-xs font-medium text-quiet no-underline hover:bg-raised hover:text-text aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent";

/** One section of the rail or of the bar. */
export function SectionLink({ section, className }: { section: Section; className: string }) {
  const { i18n } = useLingui();
  const Icon = section.icon;
  return (
    <Link to={section.to} className={cx(ENTRY, className)} activeProps={{ "aria-current": "page" }}>
      <Icon size={22} strokeWidth={1.9} aria-hidden="true" />
      {i18n._(section.label)}
    </Link>
  );
}

/** The look of a verb that stands among the sections. */
export function entryClass(className: string): string {
  return cx(ENTRY, className);
}
