import type { Vehicle } from "@/lib/api/types";
import { tidyVin } from "@/features/vehicles/vin";

/** The form of a vehicle: everything is text while it is being typed. */
export interface VehicleValues extends Readonly<Record<string, string>> {
  name: string;
  plate: string;
  vin: string;
  kind: string;
  make: string;
  model: string;
  year: string;
  fuel_type: string;
  fleet_id: string;
  status: string;
}

/** What the API takes; absent fields stay as they are. */
export interface VehicleBody {
  name: string;
  plate: string | null;
  vin: string | null;
  kind: string;
  make: string | null;
  model: string | null;
  year: number | null;
  fuel_type: string;
  fleet_id: string | null;
  status: string;
}

export const NEW_VEHICLE: VehicleValues = {
  name: "",
  plate: "",
  vin: "",
  kind: "car",
  make: "",
  model: "",
  year: "",
  fuel_type: "unknown",
  fleet_id: "",
  status: "in_service",
};

export function valuesOf(vehicle: Vehicle): VehicleValues {
  return {
    name: vehicle.name,
    plate: vehicle.plate ?? "",
    vin: vehicle.vin ?? "",
    kind: vehicle.kind,
    make: vehicle.make ?? "",
    model: vehicle.model ?? "",
    year: vehicle.year === null ? "" : String(vehicle.year),
    fuel_type: vehicle.fuel_type,
    fleet_id: vehicle.fleet_id ?? "",
    status: vehicle.status,
  };
}

function text(typed: string): string | null {
  return typed.trim() || null;
}

/** What is typed, as the API takes it: blanks cut off, nothing typed is null. */
export function bodyOf(values: VehicleValues): VehicleBody {
  return {
    name: values.name.trim(),
    plate: text(values.plate),
    vin: tidyVin(values.vin) || null,
    kind: values.kind,
    make: text(values.make),
    model: text(values.model),
    year: values.year.trim() ? Number(values.year) : null,
    fuel_type: values.fuel_type,
    fleet_id: values.fleet_id || null,
    status: values.status,
  };
}

/** Only what was changed since `before`: what others change at the same time in other fields is not undone. */
export function changesOf(before: VehicleValues, after: VehicleValues): Partial<VehicleBody> {
  const was = bodyOf(before);
  const is = bodyOf(after);
  const changed = Object.entries(is).filter(([field, value]) => was[field as keyof VehicleBody] !== value);
  return Object.fromEntries(changed);
}

/** Which refusals of the server belong to which field, where the answer does not say it. */
export const FIELD_OF_CODE: Readonly<Record<string, keyof VehicleValues & string>> = {
  vin_taken: "vin",
  vin_invalid: "vin",
  vin_check_digit_wrong: "vin",
  fleet_unknown: "fleet_id",
};
