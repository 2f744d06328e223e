/** How a symbol gets from one fix to the next: it glides over about the time between the two, and never further.
 *
 * Nothing is guessed ahead of the last fix: a symbol that has arrived stands still until the next one.
 */

/** A symbol is never longer under way than this; behind a slow tracker it arrives early and waits. */
export const LONGEST_GLIDE_MS = 2_500;
/** A little more than the time between two fixes, so that it is still under way when the next one comes. */
const STRETCH = 1.1;
/** Farther than about 2 km (in Web Mercator units) a symbol jumps: a glide across a city would be a lie. */
const JUMP = 5e-5;
const FULL_TURN_CDEG = 36_000;
/** A heading nobody said, in hundredths of a degree. */
const NOT_SAID = 0xffff;

/** Time a symbol takes, ms: the time since the fix before, or 0 when it should jump. */
export function glideFor(sinceLastMs: number, dx: number, dy: number): number {
  if (dx * dx + dy * dy > JUMP * JUMP) return 0;
  return Math.max(0, Math.min(LONGEST_GLIDE_MS, sinceLastMs * STRETCH));
}

/** How much of the way is done at `nowMs`, 0…1. */
export function glideAt(nowMs: number, cameMs: number, glideMs: number): number {
  if (glideMs <= 0) return 1;
  const done = (nowMs - cameMs) / glideMs;
  return done < 0 ? 0 : done > 1 ? 1 : done;
}

/** The heading at `done` (0…1) of the way, the short way round; hundredths of a degree or `NOT_SAID`. */
export function headingAt(fromCdeg: number, toCdeg: number, done: number): number {
  if (fromCdeg === NOT_SAID || toCdeg === NOT_SAID) return toCdeg;
  let turn = toCdeg - fromCdeg;
  if (turn > FULL_TURN_CDEG / 2) turn -= FULL_TURN_CDEG;
  else if (turn < -FULL_TURN_CDEG / 2) turn += FULL_TURN_CDEG;
  return (Math.round(fromCdeg + turn * done) + FULL_TURN_CDEG) % FULL_TURN_CDEG;
}
