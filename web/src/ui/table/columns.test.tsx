import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Column,
  columnsShown,
  keepChoice,
  nextSort,
  readChoice,
  rowAfterKey,
  sortOf,
} from "@/ui/table/columns";

const column = (given: Partial<Column<string>> & { id: string }): Column<string> => ({
  header: given.id,
  width: "1fr",
  cell: (row) => row,
  ...given,
});
const COLUMNS = [
  column({ id: "name", fixed: true }),
  column({ id: "plate" }),
  column({ id: "vin", extra: true }),
];

test("without a choice a table shows what it is made with", () => {
  expect(columnsShown(COLUMNS, {})).toEqual({ name: true, plate: true, vin: false });
});

test("a choice shows and hides, but never a fixed column", () => {
  expect(columnsShown(COLUMNS, { name: false, plate: false, vin: true })).toEqual({
    name: true,
    plate: false,
    vin: true,
  });
});

test("a column that is gone is forgotten, a new one shows", () => {
  expect(columnsShown(COLUMNS, { colour: true, vin: true })).toEqual({ name: true, plate: true, vin: true });
});

test("a choice is kept per table", () => {
  keepChoice("vehicles", { plate: false });
  expect(readChoice("vehicles")).toEqual({ plate: false });
  expect(readChoice("devices")).toEqual({});
});

test("a damaged choice is no choice", () => {
  for (const damaged of ["{", "null", "7", '{"plate":"yes"}']) {
    localStorage.setItem("motorpool.columns.vehicles", damaged);
    expect(readChoice("vehicles")).toEqual({});
  }
});

test("a press on a column sorts upwards, the next one downwards, the next upwards", () => {
  const first = nextSort("created_at", "name");
  const second = nextSort(first, "name");
  expect([first, second, nextSort(second, "name")]).toEqual(["name", "-name", "name"]);
});

test("a column says how it is sorted", () => {
  expect(sortOf("name", "name")).toBe("ascending");
  expect(sortOf("-name", "name")).toBe("descending");
  expect(sortOf("-name", "created_at")).toBe("none");
  expect(sortOf("name", undefined)).toBe("none");
});

test("keys lead from row to row and stop at both ends", () => {
  expect(rowAfterKey("ArrowDown", 3, 10, 5)).toBe(4);
  expect(rowAfterKey("ArrowUp", 0, 10, 5)).toBe(0);
  expect(rowAfterKey("PageDown", 7, 10, 5)).toBe(9);
  expect(rowAfterKey("Home", 7, 10, 5)).toBe(0);
  expect(rowAfterKey("End", 0, 10, 5)).toBe(9);
});

test("a key that is not for rows, or no row at all, leads nowhere", () => {
  expect(rowAfterKey("x", 3, 10, 5)).toBeNull();
  expect(rowAfterKey("ArrowDown", 0, 0, 5)).toBeNull();
});

test("no key leads out of the list", () => {
  const keys = fc.constantFrom("ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End");
  fc.assert(
    fc.property(keys, fc.nat(99), fc.integer({ min: 1, max: 100 }), (key, current, count) => {
      const to = rowAfterKey(key, Math.min(current, count - 1), count, 10);
      expect(to).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThan(count);
    }),
  );
});
