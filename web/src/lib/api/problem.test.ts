import { expect, test } from "vitest";
import { fieldErrorsOf, RequestFailed } from "@/lib/api/problem";

const refusal = (errors: { field: string; code: string; detail: string }[], detail = "Not valid") =>
  new RequestFailed({ title: "Invalid", status: 422, code: "invalid", detail, errors });

test("what the server says of a field is shown at the field", () => {
  const found = fieldErrorsOf(
    refusal([{ field: "vin", code: "value_error", detail: "Value error, a sign is mistyped." }]),
    ["vin"],
  );
  expect(found).toEqual({ fields: { vin: "A sign is mistyped." }, others: [] });
});

test("a nested path is shown at its last part, when the form has it", () => {
  expect(
    fieldErrorsOf(refusal([{ field: "body.identifiers.0.value", code: "x", detail: "too long" }]), ["value"])
      .fields,
  ).toEqual({
    value: "Too long",
  });
});

test("of several complaints about one field the first is shown", () => {
  const found = fieldErrorsOf(
    refusal([
      { field: "year", code: "a", detail: "too small" },
      { field: "year", code: "b", detail: "not even" },
    ]),
    ["year"],
  );
  expect(found.fields).toEqual({ year: "Too small" });
});

test("what belongs to no field is said in the summary", () => {
  expect(
    fieldErrorsOf(refusal([{ field: "colour", code: "x", detail: "unknown" }]), ["name"]).others,
  ).toEqual(["Unknown"]);
  expect(fieldErrorsOf(refusal([], "The database does not answer."), ["name"]).others).toEqual([
    "The database does not answer.",
  ]);
});

test("something that is not an answer says nothing about fields", () => {
  expect(fieldErrorsOf(new Error("bug"), ["name"])).toEqual({ fields: {}, others: [] });
});
