import type { NewDevice } from "@/features/devices/device-queries";

/** The form of a device. */
export interface DeviceValues extends Readonly<Record<string, string>> {
  identifier: string;
  name: string;
  model: string;
}

export const NEW_DEVICE: DeviceValues = { identifier: "", name: "", model: "" };

export function deviceOf(values: DeviceValues, vehicleId: string | null): NewDevice {
  const identifier = values.identifier.trim();
  return {
    name: values.name.trim() || identifier,
    model: values.model.trim() || null,
    identifiers: [identifier],
    vehicle_id: vehicleId,
  };
}

/** True when the last of 15 digits is the check digit of the others (Luhn). */
export function isImei(digits: string): boolean {
  const sum = Array.from(digits, Number).reduce((total, digit, place) => {
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits.length === 15 && sum % 10 === 0;
}

/** What is wrong with an identifier: fifteen digits are an IMEI and have to be right; anything else may be a name. */
export function identifierFinding(typed: string): "missing" | "imei" | null {
  const identifier = typed.trim();
  if (!identifier) return "missing";
  return /^\d{15}$/.test(identifier) && !isImei(identifier) ? "imei" : null;
}
