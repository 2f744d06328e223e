import { Plural, Trans } from "@lingui/react/macro";
import { CircleAlert, History } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/ui/button";

interface SummaryProps {
  errors: Readonly<Record<string, string | undefined>>;
  others: readonly string[];
  labels: Readonly<Record<string, string>>;
  refusals: number;
}

/** All that keeps the form from being sent, each a link to its field. */
export function ErrorSummary({ errors, others, labels, refusals }: SummaryProps) {
  const box = useRef<HTMLDivElement>(null);
  // Whoever cannot see the summary hears it, each time the form is refused.
  useEffect(() => {
    if (refusals > 0) box.current?.focus();
  }, [refusals]);
  const found = Object.entries(errors).filter(([, text]) => text);
  const count = found.length + others.length;
  if (!count || !refusals) return null;
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="alert"
      className="rounded-lg border-2 border-alarm bg-alarm-tint px-4 py-3 text-alarm"
    >
      <p className="flex items-center gap-2 font-semibold">
        <CircleAlert size={18} aria-hidden="true" />
        <Plural value={count} one="One thing is not right yet" other="# things are not right yet" />
      </p>
      <ul className="mt-1 ml-6 list-disc">
        {others.map((text) => (
          <li key={text}>{text}</li>
        ))}
        {found.map(([name, text]) => (
          <li key={name}>
            <a href={`#field-${name}`} className="underline" onClick={(event) => focusField(event, name)}>
              {labels[name] ?? name}
            </a>
            {": "}
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function focusField(event: { preventDefault: () => void }, name: string): void {
  event.preventDefault();
  document.getElementById(`field-${name}`)?.focus();
}

/** Tells that the form holds what was typed before. */
export function DraftNote({ onDiscard }: { onDiscard: () => void }) {
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-lg bg-raised py-1 pr-1 pl-3">
      <History size={18} aria-hidden="true" />
      <p className="flex-1">
        <Trans>This is what you typed before.</Trans>
      </p>
      <Button look="quiet" onClick={onDiscard}>
        <Trans>Start anew</Trans>
      </Button>
    </div>
  );
}
