/** A point in time as milliseconds since 1970, from what the API says. */
export function millis(at: string): number {
  return Date.parse(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale ?? ""}${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

/** Where the reader is, as the browser knows it. */
export function readersZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Day and time in the tenant's zone, with the zone's name when the reader lives in another one. */
export function absolute(at: string | number, zone: string, locale?: string, reader = readersZone()): string {
  const foreign = zone !== reader;
  return dateFormat(locale, {
    timeZone: zone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    ...(foreign ? { timeZoneName: "short" } : {}),
  }).format(new Date(at));
}

/** Hours and minutes in the tenant's zone. */
export function clock(at: string | number, zone: string, locale?: string): string {
  return dateFormat(locale, { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

/** The hour alone, for scales: "6 AM", "18". */
export function hourLabel(at: number, zone: string, locale?: string): string {
  return dateFormat(locale, { timeZone: zone, hour: "numeric" }).format(new Date(at));
}

const STEPS: readonly (readonly [limitS: number, unit: Intl.RelativeTimeFormatUnit, sizeS: number])[] = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86_400, "hour", 3600],
  [86_400 * 30, "day", 86_400],
  [86_400 * 365, "month", 86_400 * 30],
  [Number.POSITIVE_INFINITY, "year", 86_400 * 365],
];

/** "12 sec. ago": how long before `now`, in the one unit a reader would use; steps of five seconds below a minute. */
export function relative(at: string | number, now: number, locale?: string): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const size = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  if (size < 5) return format.format(0, "second");
  const [, unit, sizeS] = STEPS.find(([limit]) => size < limit) ?? [0, "year" as const, 86_400 * 365];
  const step = unit === "second" ? 5 : 1;
  return format.format(Math.trunc(seconds / sizeS / step) * step, unit);
}

/** "1h 5m", "12m", "40s": how long something took. */
export function duration(seconds: number, locale?: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const one = (value: number, unit: string) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" }).format(value);
  if (whole < 60) return one(whole, "second");
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return one(minutes, "minute");
  return `${one(Math.floor(minutes / 60), "hour")} ${one(minutes % 60, "minute")}`;
}
