import { useLingui } from "@lingui/react/macro";
import { ChevronDown, ChevronUp } from "lucide-react";
import { type PointerEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react";

/** Peeking, the sheet shows its grip, the line's state and the search. */
const PEEK_PX = 156;
/** Shares of the page the sheet covers at its other two rests. */
const HALF = 0.5;
const WHOLE = 0.92;
const HIGHEST = 2;
/** A shorter way is a press, not a drag. */
const DRAG_PX = 6;

interface BottomSheetProps {
  label: string;
  /** 0 peeks, 1 half, 2 whole. */
  rest: number;
  onRest: (rest: number) => void;
  /** How many px of the page the sheet covers now; told when it rests. */
  onCover: (px: number) => void;
  children: ReactNode;
}

/** Heights of the three rests in a page this high. */
export function restHeights(page: number): [number, number, number] {
  return [Math.min(PEEK_PX, page * HALF), page * HALF, page * WHOLE];
}

/** The rest nearest to a height. */
export function nearestRest(height: number, page: number): number {
  const gaps = restHeights(page).map((rest) => Math.abs(rest - height));
  return gaps.indexOf(Math.min(...gaps));
}

/** The height of the element around the sheet. */
function usePageHeight(): [number, (sheet: HTMLElement | null) => (() => void) | undefined] {
  const [page, setPage] = useState(0);
  const watch = useCallback((sheet: HTMLElement | null) => {
    const around = sheet?.parentElement;
    if (!around) return undefined;
    const observer = new ResizeObserver(() => setPage(around.clientHeight));
    observer.observe(around);
    return () => observer.disconnect();
  }, []);
  return [page, watch];
}

/** A sheet from below, above the map of a phone: drawn by its grip, or moved by pressing it. */
export function BottomSheet({ label, rest, onRest, onCover, children }: BottomSheetProps) {
  const { t } = useLingui();
  const [page, watch] = usePageHeight();
  const [dragged, setDragged] = useState<number | null>(null);
  const grip = useRef<{ y: number; height: number; moved: boolean } | null>(null);
  const rests = restHeights(page);
  const resting = rests[rest] ?? rests[0];
  const height = dragged ?? resting;
  useEffect(() => {
    onCover(resting);
    return () => onCover(0);
  }, [onCover, resting]);

  const begin = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { y: event.clientY, height, moved: false };
  };
  const move = (event: PointerEvent) => {
    const held = grip.current;
    if (!held) return;
    const up = held.y - event.clientY;
    if (Math.abs(up) > DRAG_PX) held.moved = true;
    if (held.moved) setDragged(Math.max(rests[0], Math.min(rests[2], held.height + up)));
  };
  const end = () => {
    if (dragged !== null) onRest(nearestRest(dragged, page));
    setDragged(null);
  };
  const press = () => {
    const moved = grip.current?.moved;
    grip.current = null;
    if (!moved) onRest(rest === HIGHEST ? 0 : rest + 1);
  };
  const Arrow = rest === HIGHEST ? ChevronDown : ChevronUp;
  return (
    <section
      ref={watch}
      aria-label={label}
      style={{ height }}
      className={`absolute inset-x-0 bottom-0 flex flex-col overflow-hidden rounded-t-lg border-t border-line bg-surface shadow-float ${
        dragged === null ? "transition-[height] duration-200" : ""
      }`}
    >
      <button
        type="button"
        aria-label={rest === HIGHEST ? t`Lower the sheet` : t`Raise the sheet`}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        onClick={press}
        className="flex h-11 w-full shrink-0 touch-none items-center justify-center text-quiet"
      >
        <Arrow size={22} aria-hidden="true" />
      </button>
      <div className="min-h-0 flex-1">{children}</div>
    </section>
  );
}
