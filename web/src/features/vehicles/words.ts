import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Vehicle } from "@/lib/api/types";

/** Kinds of vehicle as the API names them. */
export const KINDS: Readonly<Record<Vehicle["kind"], MessageDescriptor>> = {
  car: msg`Car`,
  van: msg`Van`,
  truck: msg`Truck`,
  bus: msg`Bus`,
  trailer: msg`Trailer`,
  motorcycle: msg`Motorcycle`,
  machine: msg`Machine`,
  other: msg`Other`,
};

export const FUELS: Readonly<Record<Vehicle["fuel_type"], MessageDescriptor>> = {
  unknown: msg`Not known`,
  diesel: msg`Diesel`,
  petrol: msg`Petrol`,
  electric: msg`Electric`,
  hybrid: msg`Hybrid`,
  cng: msg`Natural gas`,
  lpg: msg`Liquefied gas`,
  hydrogen: msg`Hydrogen`,
  none: msg`None`,
};

/** Where a vehicle stands in its life with the fleet. */
export const STATUSES: Readonly<Record<Vehicle["status"], MessageDescriptor>> = {
  in_service: msg`In service`,
  reserved: msg`Reserved`,
  in_maintenance: msg`In maintenance`,
  out_of_service: msg`Out of service`,
  retired: msg`Retired`,
};
