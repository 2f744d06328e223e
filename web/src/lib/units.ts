import type { Settings } from "@/lib/api/types";

/** What a number means to the reader: the tenant's choice. */
export interface Units {
  distance: "mi" | "km";
  temperature: "F" | "C";
  locale?: string | undefined;
}

export const METRES_PER_MILE = 1609.344;
/** Shown where a device did not say something. */
export const NOT_SAID = "–";

export function unitsOf(settings: Settings, locale?: string): Units {
  return { distance: settings.distance_unit, temperature: settings.temperature_unit, locale };
}

type Digits = { minimum?: number; maximum: number };
const formats = new Map<string, Intl.NumberFormat>();

function say(value: number, unit: string, digits: Digits, locale: string | undefined): string {
  const key = `${locale ?? ""}|${unit}|${digits.minimum ?? 0}|${digits.maximum}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: "short",
      minimumFractionDigits: digits.minimum ?? 0,
      maximumFractionDigits: digits.maximum,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** Metres per second as whole km/h or mph. */
export function speed(mps: number | null | undefined, units: Units): string {
  if (mps === null || mps === undefined || Number.isNaN(mps)) return NOT_SAID;
  return units.distance === "mi"
    ? say((mps * 3600) / METRES_PER_MILE, "mile-per-hour", { maximum: 0 }, units.locale)
    : say(mps * 3.6, "kilometer-per-hour", { maximum: 0 }, units.locale);
}

/** A distance on the road: one digit after the point below 100, none above; short ones in metres or feet. */
export function distance(metres: number | null | undefined, units: Units): string {
  if (metres === null || metres === undefined || Number.isNaN(metres)) return NOT_SAID;
  const imperial = units.distance === "mi";
  const near = imperial ? METRES_PER_MILE / 10 : 1000;
  if (Math.abs(metres) < near) {
    return imperial
      ? say(metres / 0.3048, "foot", { maximum: 0 }, units.locale)
      : say(metres, "meter", { maximum: 0 }, units.locale);
  }
  const far = metres / (imperial ? METRES_PER_MILE : 1000);
  const digits = Math.abs(far) < 100 ? { minimum: 1, maximum: 1 } : { maximum: 0 };
  return say(far, imperial ? "mile" : "kilometer", digits, units.locale);
}

/** The odometer: whole kilometres or miles, however small. */
export function odometer(metres: number | null | undefined, units: Units): string {
  if (metres === null || metres === undefined || Number.isNaN(metres)) return NOT_SAID;
  return units.distance === "mi"
    ? say(metres / METRES_PER_MILE, "mile", { maximum: 0 }, units.locale)
    : say(metres / 1000, "kilometer", { maximum: 0 }, units.locale);
}

/** Coolant and other temperatures. */
export function temperature(celsius: number | null | undefined, units: Units): string {
  if (celsius === null || celsius === undefined || Number.isNaN(celsius)) return NOT_SAID;
  return units.temperature === "F"
    ? say(celsius * 1.8 + 32, "fahrenheit", { maximum: 0 }, units.locale)
    : say(celsius, "celsius", { maximum: 0 }, units.locale);
}

export function percent(value: number | null | undefined, units: Units): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NOT_SAID;
  return say(value, "percent", { maximum: 0 }, units.locale);
}

export function volts(value: number | null | undefined, units: Units): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NOT_SAID;
  return `${new Intl.NumberFormat(units.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)} V`;
}

export function integer(value: number | null | undefined, units: Units): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NOT_SAID;
  return new Intl.NumberFormat(units.locale, { maximumFractionDigits: 0 }).format(value);
}
