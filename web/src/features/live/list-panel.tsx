import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import type { Ref } from "react";
import { ConnectionLine } from "@/features/live/connection-line";
import type { FleetList } from "@/features/live/fleet-list-view";
import type { Filter, Sort } from "@/features/live/fleet-order";
import { NoVehicles } from "@/features/live/no-vehicles";
import { StateFilter } from "@/features/live/state-filter";
import { VehicleList } from "@/features/live/vehicle-list";
import { useApi } from "@/lib/api/api-context";
import { fleetsQuery } from "@/lib/api/vehicle-queries";
import { useUnits } from "@/lib/session";
import { integer } from "@/lib/units";
import type { LiveStore } from "@/realtime/store";
import { Skeleton } from "@/ui/states";

export interface ListPanelProps {
  live: LiveStore;
  list: FleetList;
  selected: number | null;
  search: Ref<HTMLInputElement>;
  onFilter: (filter: Filter) => void;
  onSort: (sort: Sort) => void;
  onSelect: (vehicleNo: number) => void;
  onHover: (vehicleNo: number | null) => void;
}

const FIELD = "min-h-11 w-full rounded border border-line-strong bg-surface text-text";

/** The list beside the map: find, filter, sort, and the rows. */
export function ListPanel(props: ListPanelProps) {
  const { live, list, selected, search, onFilter, onSelect, onHover } = props;
  const { t } = useLingui();
  const { filter } = list;
  const units = useUnits();
  const total = live.byNo.size;
  const found = list.rows.length;
  const [all, some] = [integer(total, units), integer(found, units)];
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-col gap-2 border-b border-line px-3 pt-1 pb-3">
        <div className="flex items-center justify-between gap-2">
          <ConnectionLine live={live} />
          <output className="whitespace-nowrap text-quiet">
            {found === total ? (
              <Plural value={total} one="# vehicle" other="# vehicles" />
            ) : (
              <Trans>
                {some} of {all}
              </Trans>
            )}
          </output>
        </div>
        <label className="relative block">
          <span className="sr-only">{t`Find a vehicle by name or plate`}</span>
          <Search
            size={18}
            aria-hidden="true"
            className="absolute top-1/2 left-3 -translate-y-1/2 text-quiet"
          />
          <input
            ref={search}
            type="search"
            value={filter.text}
            onChange={(event) => onFilter({ ...filter, text: event.target.value })}
            placeholder={t`Name or plate`}
            aria-keyshortcuts="/"
            className={`${FIELD} pr-3 pl-10 placeholder:text-quiet`}
          />
        </label>
        <StateFilter
          counts={list.counts}
          chosen={filter.states}
          onChange={(states) => onFilter({ ...filter, states })}
        />
        <Choices {...props} />
      </div>
      {!live.ready && <Skeleton lines={8} />}
      {live.ready && total === 0 && <NoVehicles />}
      {live.ready && total > 0 && found === 0 && (
        <p className="p-6 text-center text-quiet">
          <Trans>No vehicle matches. Take away a filter or write less.</Trans>
        </p>
      )}
      {found > 0 && (
        <VehicleList live={live} rows={list.rows} selected={selected} onSelect={onSelect} onHover={onHover} />
      )}
    </div>
  );
}

/** Which fleet, and in which order. */
function Choices({ list: { filter, sort }, onFilter, onSort }: ListPanelProps) {
  const { t } = useLingui();
  const api = useApi();
  const fleets = useQuery(fleetsQuery(api)).data ?? [];
  return (
    <div className="flex gap-2">
      {fleets.length > 0 && (
        <select
          aria-label={t`Fleet`}
          value={filter.fleet ?? ""}
          onChange={(event) => onFilter({ ...filter, fleet: event.target.value || null })}
          className={`${FIELD} min-w-0 flex-1 px-2`}
        >
          <option value="">{t`All fleets`}</option>
          {fleets.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label={t`Order`}
        value={sort}
        onChange={(event) => onSort(event.target.value as Sort)}
        className={`${FIELD} min-w-0 flex-1 px-2`}
      >
        <option value="name">{t`By name`}</option>
        <option value="state">{t`By state`}</option>
        <option value="age">{t`By age of fix`}</option>
      </select>
    </div>
  );
}
