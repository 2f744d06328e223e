import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkDigit, tidyVin, vinFinding } from "@/features/vehicles/vin";

const SIGNS = Array.from("ABCDEFGHJKLMNPRSTUVWXYZ0123456789");

test("the example of the regulation has the check digit X", () => {
  expect(checkDigit("1M8GDM9AXKP042788")).toBe("X");
  expect(vinFinding("1M8GDM9AXKP042788")).toBeNull();
});

test("seventeen ones are right", () => {
  expect(vinFinding("11111111111111111")).toBeNull();
});

test("one mistyped sign is found in a North American and in a Chinese VIN", () => {
  expect(vinFinding("1M8GDM9AXKP042789")).toBe("check_digit");
  expect(vinFinding("LSVAA49J132047372")).toBe("check_digit");
});

test("a European VIN needs no check digit", () => {
  expect(vinFinding("WVWZZZ1JZXW000001")).toBeNull();
});

test("I, O and Q are no signs of a VIN, and are named before the length", () => {
  for (const sign of "IOQ") expect(vinFinding(`WVW${sign}`)).toBe("letter");
});

test("sixteen and eighteen signs are not seventeen", () => {
  expect(vinFinding("WVWZZZ1JZXW00000")).toBe("length");
  expect(vinFinding("WVWZZZ1JZXW0000012")).toBe("length");
});

test("no VIN is fine", () => {
  expect(vinFinding("")).toBeNull();
});

test("a VIN is tidied as papers print it", () => {
  expect(tidyVin(" 1m8 gdm9-axkp 042788 ")).toBe("1M8GDM9AXKP042788");
});

test("with its check digit put in, every North American VIN is right", () => {
  const rest = fc.array(fc.constantFrom(...SIGNS), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(rest, (signs) => {
      const vin = `1${signs.join("")}`;
      const right = vin.slice(0, 8) + checkDigit(vin) + vin.slice(9);
      expect(vinFinding(right)).toBeNull();
    }),
  );
});
