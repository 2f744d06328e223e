import { expect, test } from "vitest";
import { distance, NOT_SAID, odometer, speed, temperature, volts } from "@/lib/units";

const metric = { distance: "km", temperature: "C", locale: "en-GB" } as const;
const imperial = { distance: "mi", temperature: "F", locale: "en-US" } as const;

test("speed is whole kilometres an hour, or miles an hour where the tenant drives in miles", () => {
  expect(speed(25, metric)).toBe("90 km/h");
  expect(speed(25, imperial)).toBe("56 mph");
});

test("a distance below one kilometre is said in metres, below a tenth of a mile in feet", () => {
  expect(distance(840, metric)).toBe("840 m");
  expect(distance(100, imperial)).toBe("328 ft");
});

test("a distance has one digit after the point until it reaches one hundred", () => {
  expect(distance(12_345, metric)).toBe("12.3 km");
  expect(distance(123_456, metric)).toBe("123 km");
  expect(distance(16_093.44, imperial)).toBe("10.0 mi");
});

test("an odometer keeps its whole kilometres and groups them", () => {
  expect(odometer(184_230_400, metric)).toBe("184,230 km");
  expect(odometer(160_934_400, imperial)).toBe("100,000 mi");
});

test("a temperature is Celsius or Fahrenheit as the tenant set it", () => {
  expect(temperature(90, metric)).toBe("90°C");
  expect(temperature(90, imperial)).toBe("194°F");
});

test("what a device did not say is a dash, never a zero", () => {
  for (const format of [speed, distance, odometer, temperature, volts]) {
    expect(format(null, metric)).toBe(NOT_SAID);
    expect(format(Number.NaN, metric)).toBe(NOT_SAID);
  }
});
