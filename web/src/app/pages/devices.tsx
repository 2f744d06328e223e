import { getRouteApi } from "@tanstack/react-router";
import { DevicesPage } from "@/features/devices/devices-page";

const route = getRouteApi("/inside/devices");

export function Devices() {
  const { device, add } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <DevicesPage device={device} adding={add === true} onShow={(what) => void navigate({ search: what })} />
  );
}
