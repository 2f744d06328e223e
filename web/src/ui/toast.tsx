import { useLingui } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { create } from "zustand";
import { Button } from "@/ui/button";

export interface Toast {
  id: number;
  tone: "done" | "failed";
  text: string;
  /** Undo, or a way onward. A toast with an action stays until it is closed. */
  action?: { label: string; run: () => void };
}

interface Toasts {
  shown: readonly Toast[];
  show: (toast: Omit<Toast, "id">) => void;
  close: (id: number) => void;
}

const AT_MOST = 3;
const STAYS_MS = 8000;
let last = 0;

export const useToasts = create<Toasts>()((set) => ({
  shown: [],
  show: (added) =>
    set((state) => ({ shown: [...state.shown.slice(-AT_MOST + 1), { ...added, id: ++last }] })),
  close: (id) => set((state) => ({ shown: state.shown.filter((one) => one.id !== id) })),
}));

/** Says that something was done, or what went wrong, without taking the focus. */
export function toast(tone: Toast["tone"], text: string, action?: Toast["action"]): void {
  useToasts.getState().show(action ? { tone, text, action } : { tone, text });
}

/** The place where toasts appear; once per page. */
export function ToastRegion() {
  const shown = useToasts((state) => state.shown);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-[calc(var(--bar)+16px)] z-50 flex flex-col items-center gap-2 md:right-6 md:bottom-6 md:left-auto md:items-end"
    >
      {shown.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </div>
  );
}

function ToastCard({ toast: one }: { toast: Toast }) {
  const { t } = useLingui();
  const close = useToasts((state) => state.close);
  const [held, setHeld] = useState(false);
  const card = useRef<HTMLDivElement>(null);
  const stays = held || one.tone === "failed" || Boolean(one.action);

  useEffect(() => {
    if (stays) return undefined;
    const timer = setTimeout(() => close(one.id), STAYS_MS);
    return () => clearTimeout(timer);
  }, [stays, close, one.id]);

  const Icon = one.tone === "done" ? CircleCheck : CircleAlert;
  return (
    <div
      ref={card}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex w-full max-w-md items-center gap-3 rounded-lg border border-line bg-surface py-1 pr-1 pl-4 text-text shadow-float"
    >
      <Icon size={20} aria-hidden="true" className={one.tone === "done" ? "text-moving" : "text-alarm"} />
      <p className="flex-1 py-2">{one.text}</p>
      {one.action && (
        <Button
          look="quiet"
          onClick={() => {
            one.action?.run();
            close(one.id);
          }}
        >
          {one.action.label}
        </Button>
      )}
      <Button look="quiet" iconOnly aria-label={t`Close message`} onClick={() => close(one.id)}>
        <X size={18} aria-hidden="true" />
      </Button>
    </div>
  );
}
