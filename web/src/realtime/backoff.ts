/** How long to wait before the next try to connect. */

export interface Backoff {
  readonly baseMs: number;
  readonly factor: number;
  /** Share of the wait that is left to chance, on both sides, so that a thousand browsers do not come back at once. */
  readonly jitter: number;
}

export const BACKOFF: Backoff = { baseMs: 1_000, factor: 2, jitter: 0.2 };

const FIRST_TRIES = 3;
const MIDDLE_TRIES = 6;
const FIRST_AT_MOST_MS = 30_000;
const MIDDLE_AT_MOST_MS = 15_000;
const STEADY_MS = 5_000;
const AT_LEAST_MS = 1_000;

/** The wait of try `n` (from 1) without chance: doubling for three tries, a second more each for three, then steady. */
export function plannedWaitMs(n: number, { baseMs, factor }: Backoff = BACKOFF): number {
  if (n <= FIRST_TRIES) return Math.min(baseMs * factor ** n, FIRST_AT_MOST_MS);
  if (n <= MIDDLE_TRIES) return Math.min(baseMs + 1_000 * n, MIDDLE_AT_MOST_MS);
  return STEADY_MS;
}

/** The wait before try `n` in ms, with chance; `random` gives 0 ≤ x < 1. Never under a second, never with an end. */
export function waitMs(n: number, random: () => number, options: Backoff = BACKOFF): number {
  const spread = 1 + options.jitter * (2 * random() - 1);
  return Math.max(AT_LEAST_MS, Math.round(plannedWaitMs(n, options) * spread));
}
