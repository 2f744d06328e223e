import { Trans, useLingui } from "@lingui/react/macro";
import { Search, X } from "lucide-react";
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { isNarrowed, type VehiclesSearch } from "@/lib/addresses";
import type { Fleet } from "@/lib/api/types";
import { VEHICLE_STATES } from "@/lib/vehicle-state";
import { Button } from "@/ui/button";
import { controlClass } from "@/ui/form/field";
import { STATE_WORDS } from "@/ui/state-badge";
import { useSettled } from "@/ui/use-settled";

interface VehicleFiltersProps {
  search: VehiclesSearch;
  fleets: readonly Fleet[];
  onSearch: (change: Partial<Record<keyof VehiclesSearch, string | undefined>>) => void;
  children?: ReactNode;
}

/** What narrows the list; all of it stands in the address. */
export function VehicleFilters({ search, fleets, onSearch, children }: VehicleFiltersProps) {
  const { t, i18n } = useLingui();
  return (
    <search className="flex flex-wrap items-center gap-2 px-4 pb-3 md:px-6">
      <SearchBox
        key={search.q === undefined ? "empty" : "full"}
        q={search.q ?? ""}
        onSearch={(q) => onSearch({ q: q || undefined })}
      />
      <select
        aria-label={t`Fleet`}
        value={search.fleet ?? ""}
        onChange={(event) => onSearch({ fleet: event.target.value || undefined })}
        className={`${controlClass} select-arrow max-w-44 flex-1 pr-9 md:flex-none`}
      >
        <option value="">{t`All fleets`}</option>
        {fleets.map((fleet) => (
          <option key={fleet.id} value={fleet.id}>
            {`${fleet.name} (${fleet.vehicles})`}
          </option>
        ))}
      </select>
      <select
        aria-label={t`State`}
        value={search.state ?? ""}
        onChange={(event) => onSearch({ state: event.target.value || undefined })}
        className={`${controlClass} select-arrow max-w-44 flex-1 pr-9 md:flex-none`}
      >
        <option value="">{t`All states`}</option>
        {VEHICLE_STATES.map((state) => (
          <option key={state} value={state}>
            {i18n._(STATE_WORDS[state])}
          </option>
        ))}
      </select>
      {isNarrowed(search) && (
        <Button look="quiet" onClick={() => onSearch({ q: undefined, fleet: undefined, state: undefined })}>
          <X size={18} aria-hidden="true" />
          <Trans>Show all</Trans>
        </Button>
      )}
      <div className="ml-auto hidden md:block">{children}</div>
    </search>
  );
}

function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(q);
  const settled = useSettled(typed.trim());
  const tell = useEffectEvent((word: string) => {
    if (word !== q) onSearch(word);
  });
  useEffect(() => tell(settled), [settled]);
  return (
    <div className="relative w-full md:w-72">
      <Search
        size={18}
        aria-hidden="true"
        className="pointer-events-none absolute top-3.25 left-3 text-quiet"
      />
      <input
        type="search"
        aria-label={t`Search vehicles`}
        placeholder={t`Name, plate or VIN`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className={`${controlClass} pl-10`}
      />
    </div>
  );
}
