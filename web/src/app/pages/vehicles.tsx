import { getRouteApi } from "@tanstack/react-router";
import { VehiclesPage } from "@/features/vehicles/vehicles-page";

const route = getRouteApi("/inside/vehicles");

export function Vehicles() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <VehiclesPage
      search={search}
      onSearch={(change) =>
        void navigate({
          search: (current) => ({ ...current, ...change }) as typeof search,
          replace: !("add" in change),
        })
      }
      onOpen={(vehicleId) => void navigate({ to: "/vehicles/$vehicleId", params: { vehicleId } })}
    />
  );
}
