import { useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { ListRow, ROW_PX } from "@/features/live/list-row";
import type { LiveStore } from "@/realtime/store";

interface VehicleListProps {
  live: LiveStore;
  rows: readonly number[];
  selected: number | null;
  onSelect: (vehicleNo: number) => void;
  onHover: (vehicleNo: number | null) => void;
}

const PAGE_ROWS = 10;
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE_ROWS,
  PageUp: -PAGE_ROWS,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The vehicles in words: as many rows as one sees, however many there are. Arrows go, Enter chooses. */
export function VehicleList({ live, rows, selected, onSelect, onHover }: VehicleListProps) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    getItemKey: (index) => rows[index] ?? index,
  });

  const selectedIndex = selected === null ? -1 : rows.indexOf(selected);
  const activeIndex = active === null ? selectedIndex : rows.indexOf(active);

  // What was chosen on the map is brought into the list's sight; rows that move later do not scroll it.
  const { scrollToIndex } = virtual;
  const place = useRef(selectedIndex);
  useEffect(() => {
    place.current = selectedIndex;
  });
  useEffect(() => {
    if (selected !== null && place.current >= 0) scrollToIndex(place.current, { align: "auto" });
  }, [selected, scrollToIndex]);

  const items = virtual.getVirtualItems();
  const activeShown = activeIndex >= 0 && items.some(({ index }) => index === activeIndex);

  const go = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined && rows.length > 0) {
      event.preventDefault();
      const index = Math.max(0, Math.min(rows.length - 1, activeIndex + step));
      setActive(rows[index] ?? null);
      onHover(rows[index] ?? null);
      virtual.scrollToIndex(index);
    }
    const chosen = rows[activeIndex];
    if ((event.key === "Enter" || event.key === " ") && chosen !== undefined) {
      event.preventDefault();
      onSelect(chosen);
    }
  };

  return (
    <div
      ref={box}
      role="listbox"
      aria-label={t`Vehicles`}
      aria-activedescendant={activeShown ? `vehicle-${rows[activeIndex]}` : undefined}
      tabIndex={0}
      onKeyDown={go}
      onBlur={() => setActive(null)}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-3"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const vehicleNo = rows[index] as number;
          return (
            <ListRow
              key={vehicleNo}
              live={live}
              vehicleNo={vehicleNo}
              position={index + 1}
              total={rows.length}
              top={start}
              selected={vehicleNo === selected}
              active={index === activeIndex}
              onSelect={onSelect}
              onHover={onHover}
            />
          );
        })}
      </div>
    </div>
  );
}
