import { parseDate, toCalendarDate, fromAbsolute } from "@internationalized/date";

/** A day as the address says it: 2026-11-20. */
export type Day = string;

/** Beginning and end of a day in a zone, ms since 1970; a day may have 23 or 25 hours. */
export function boundsOf(day: Day, zone: string): { from: number; to: number } {
  const date = parseDate(day);
  return {
    from: date.toDate(zone).getTime(),
    to: date.add({ days: 1 }).toDate(zone).getTime(),
  };
}

/** The day a moment belongs to in a zone. */
export function dayOf(at: number, zone: string): Day {
  return toCalendarDate(fromAbsolute(at, zone)).toString();
}

export function shiftDay(day: Day, days: number): Day {
  return parseDate(day).add({ days }).toString();
}

/** "Friday, 20 November", wherever the reader is. */
export function dayName(day: Day, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(parseDate(day).toDate("UTC"));
}
