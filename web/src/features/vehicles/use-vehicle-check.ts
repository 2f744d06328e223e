import { useLingui } from "@lingui/react/macro";
import type { VehicleValues } from "@/features/vehicles/vehicle-values";
import { tidyVin, vinFinding } from "@/features/vehicles/vin";
import type { Errors } from "@/ui/form/use-form";

/** What can be said about a vehicle's fields without the server. */
export function useVehicleCheck(): (values: VehicleValues) => Errors<VehicleValues> {
  const { t } = useLingui();
  return (values) => {
    const vin = tidyVin(values.vin);
    const finding = vinFinding(vin);
    const year = values.year.trim();
    return {
      name: values.name.trim() ? undefined : t`Give it the name people call it by.`,
      vin: {
        none: undefined,
        letter: t`A VIN has no I, O or Q; they look like 1 and 0.`,
        length: t`A VIN has 17 characters; this has ${vin.length}.`,
        check_digit: t`The check digit does not fit: a character is mistyped.`,
      }[finding ?? "none"],
      year: year && !/^(19|20|21)\d\d$/.test(year) ? t`Four digits, such as 2024.` : undefined,
    };
  };
}
