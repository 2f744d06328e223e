import { useLingui } from "@lingui/react/macro";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/ui/button";

/** Puts text on the clipboard; on plain http only the old way is there. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    // oxlint-disable-next-line typescript/no-deprecated -- the only way without https
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** A text to be typed or copied exactly. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className="flex items-center gap-2">
      <div className="min-w-0 flex-1 rounded-lg border border-line bg-raised px-3 py-1.5">
        <p className="text-sm text-quiet">{label}</p>
        <p className="font-mono text-base break-all whitespace-pre-wrap select-all">{text}</p>
      </div>
      <Button iconOnly aria-label={t`Copy: ${label}`} onClick={() => void copy(text).then(setCopied)}>
        {copied ? <Check size={18} aria-hidden="true" /> : <Copy size={18} aria-hidden="true" />}
      </Button>
      <span role="status" className="sr-only">
        {copied && t`Copied`}
      </span>
    </div>
  );
}
