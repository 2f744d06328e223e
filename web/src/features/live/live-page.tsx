import { lazy, Suspense, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { FleetListView } from "@/features/live/fleet-list-view";
import { ListPanel } from "@/features/live/list-panel";
import { LiveLayout } from "@/features/live/live-layout";
import { useLiveKeys } from "@/features/live/use-live-keys";
import { useLiveSelection } from "@/features/live/use-live-selection";
import { VehiclePanel } from "@/features/live/vehicle-panel";
import type { MapHandle } from "@/map/map-canvas";
import { useTown } from "@/map/use-town";
import { useLive, useLiveVersion } from "@/realtime/use-live";

const MapCanvas = lazy(() => import("@/map/map-canvas").then((module) => ({ default: module.MapCanvas })));

/** The map of everything that moves: the start page. Map and list show the same vehicles and one selection. */
export function LivePage() {
  const live = useLive();
  useLiveVersion(live, "vehicles");
  const town = useTown();
  const map = useRef<MapHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [follows, setFollows] = useState<number | null>(null);
  const [rest, setRest] = useState(0);
  const [covered, setCovered] = useState(0);
  const [view] = useState(() => new FleetListView(live));
  const list = useSyncExternalStore(view.subscribe, view.current);
  const { vehicle, start, select, look } = useLiveSelection(live);
  const selected = vehicle?.no ?? null;
  const following = follows === selected ? follows : null;

  const choose = useCallback(
    (vehicleNo: number | null) => {
      select(vehicleNo);
      if (vehicleNo !== null) setRest(1);
    },
    [select],
  );
  const chooseFromList = useCallback(
    (vehicleNo: number) => {
      choose(vehicleNo);
      map.current?.reveal(vehicleNo);
    },
    [choose],
  );
  const close = useCallback(() => choose(null), [choose]);
  useLiveKeys(search, selected === null ? null : close);

  // A link to a vehicle without a view shows the vehicle.
  const linked = useRef(start === null && selected === null);
  useEffect(() => {
    if (!linked.current || selected === null) return;
    linked.current = false;
    map.current?.center(selected);
  }, [selected]);

  const panel = vehicle && (
    <VehiclePanel
      live={live}
      vehicle={vehicle}
      following={following !== null}
      onCenter={() => map.current?.center(vehicle.no)}
      onFollow={(follow) => setFollows(follow ? vehicle.no : null)}
      onClose={close}
    />
  );
  const rows = (
    <ListPanel
      live={live}
      list={list}
      selected={selected}
      search={search}
      onFilter={(filter) => view.setFilter(filter)}
      onSort={(sort) => view.setSort(sort)}
      onSelect={chooseFromList}
      onHover={setHovered}
    />
  );
  return (
    <LiveLayout rows={rows} panel={panel} rest={rest} onRest={setRest} onCover={setCovered}>
      <Suspense fallback={<div className="h-full bg-(--map-land)" />}>
        <MapCanvas
          ref={map}
          source={list.source}
          town={town}
          start={start}
          selected={selected}
          hovered={hovered}
          following={following}
          covered={covered}
          onSelect={choose}
          onHover={setHovered}
          onLook={look}
          onDragged={() => setFollows(null)}
        />
      </Suspense>
    </LiveLayout>
  );
}
