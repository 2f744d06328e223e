import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Car, type LucideIcon, Map as MapIcon, RadioTower, Settings } from "lucide-react";

export interface Section {
  to: "/live" | "/vehicles" | "/devices" | "/settings";
  label: MessageDescriptor;
  /** Said in the palette: what one does there. */
  about: MessageDescriptor;
  icon: LucideIcon;
  /** Only for those whose role has this permission. */
  permission?: string;
  /** At the foot of the rail, and under More on a phone. */
  foot?: true;
}

/** The sections of the frame, in the order of the rail. A new one is one entry here and its route. */
export const SECTIONS: readonly Section[] = [
  { to: "/live", label: msg`Live`, about: msg`Where every vehicle is now`, icon: MapIcon },
  { to: "/vehicles", label: msg`Vehicles`, about: msg`All vehicles, their state and details`, icon: Car },
  {
    to: "/devices",
    label: msg`Devices`,
    about: msg`Trackers and which vehicle they speak for`,
    icon: RadioTower,
  },
  {
    to: "/settings",
    label: msg`Settings`,
    about: msg`You, your keys and how it looks`,
    icon: Settings,
    foot: true,
  },
];
