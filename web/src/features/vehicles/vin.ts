/** ISO 3779: 17 characters, no I, O or Q. North America (first character 1–5) and China (L) demand the check digit at place 9. */

const VALUES: Readonly<Record<string, number>> = Object.fromEntries([
  ...Array.from("0123456789", (sign, value) => [sign, value] as const),
  ...Array.from("ABCDEFGH", (sign, place) => [sign, place + 1] as const),
  ...Array.from("JKLMN", (sign, place) => [sign, place + 1] as const),
  ["P", 7],
  ["R", 9],
  ...Array.from("STUVWXYZ", (sign, place) => [sign, place + 2] as const),
]);
const WEIGHTS: readonly number[] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

export type VinFinding = "length" | "letter" | "check_digit";

/** As printed on papers: without blanks and dashes, in capitals. */
export function tidyVin(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase();
}

/** What the ninth character has to be: 0–9 or X. The VIN has 17 allowed characters. */
export function checkDigit(vin: string): string {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * (VALUES[vin[place] ?? ""] ?? 0), 0);
  const rest = sum % 11;
  return rest === 10 ? "X" : String(rest);
}

/** What is wrong with a tidy VIN, or null. Empty is fine: not every vehicle has one. */
export function vinFinding(vin: string): VinFinding | null {
  if (vin === "") return null;
  if (!/^[A-HJ-NPR-Z0-9]*$/.test(vin)) return "letter";
  if (vin.length !== 17) return "length";
  if (/^[1-5L]/.test(vin) && vin[8] !== checkDigit(vin)) return "check_digit";
  return null;
}
