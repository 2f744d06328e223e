import { act, renderHook, waitFor } from "@testing-library/react";
import type { FormEvent } from "react";
import { expect, test } from "vitest";
import { RequestFailed } from "@/lib/api/problem";
import { readDraft } from "@/ui/form/draft";
import { useForm } from "@/ui/form/use-form";

const EMPTY = { name: "", year: "" };
const SUBMIT = { preventDefault: () => undefined } as FormEvent;

interface Given {
  send?: (values: typeof EMPTY) => Promise<void>;
  explain?: (error: unknown) => string | null;
}

function formOf({ send = async () => undefined, explain = () => null }: Given = {}) {
  return renderHook(() =>
    useForm({
      draftKey: "thing",
      initial: EMPTY,
      check: (values) => ({ name: values.name ? undefined : "Give it a name." }),
      send,
      explain,
    }),
  );
}

test("what is typed survives a reload", () => {
  const first = formOf();
  act(() => first.result.current.field("name").onChange("Bus"));
  first.unmount();
  const second = formOf();
  expect(second.result.current.values).toEqual({ name: "Bus", year: "" });
  expect(second.result.current.restored).toBe(true);
});

test("a draft that is thrown away is gone", () => {
  const form = formOf();
  act(() => form.result.current.field("name").onChange("Bus"));
  act(() => form.result.current.discard());
  expect(form.result.current.values).toEqual(EMPTY);
  expect(readDraft("thing", EMPTY)).toBeNull();
});

test("a draft keeps only what the form still asks", () => {
  localStorage.setItem("motorpool.draft.thing", '{"name":"Bus","colour":"red","year":7}');
  expect(readDraft("thing", EMPTY)).toEqual({ name: "Bus", year: "" });
  localStorage.setItem("motorpool.draft.thing", "not json");
  expect(readDraft("thing", EMPTY)).toBeNull();
});

test("what can be seen to be wrong is not sent", async () => {
  const sent: unknown[] = [];
  const form = formOf({ send: async (values) => void sent.push(values) });
  act(() => form.result.current.submit(SUBMIT));
  await waitFor(() => expect(form.result.current.errors).toEqual({ name: "Give it a name." }));
  expect(sent).toEqual([]);
  expect(form.result.current.refusals).toBe(1);
});

test("typing in a field takes its error away", async () => {
  const form = formOf();
  act(() => form.result.current.submit(SUBMIT));
  await waitFor(() => expect(form.result.current.errors.name).toBeDefined());
  act(() => form.result.current.field("name").onChange("B"));
  expect(form.result.current.errors.name).toBeUndefined();
});

test("what the server refuses is shown at its field and the draft is kept", async () => {
  const form = formOf({
    send: () =>
      Promise.reject(
        new RequestFailed({
          title: "",
          status: 422,
          code: "invalid",
          errors: [
            { field: "year", code: "x", detail: "too early" },
            { field: "tenant", code: "x", detail: "is full" },
          ],
        }),
      ),
  });
  act(() => form.result.current.field("name").onChange("Bus"));
  act(() => form.result.current.submit(SUBMIT));
  await waitFor(() => expect(form.result.current.errors.year).toBe("Too early"));
  expect(form.result.current.others).toEqual(["Is full"]);
  expect(readDraft("thing", EMPTY)?.name).toBe("Bus");
});

test("a failure with a sentence of its own is said in that sentence", async () => {
  const form = formOf({
    send: () => Promise.reject(new RequestFailed({ title: "", status: 412, code: "precondition_failed" })),
    explain: () => "Somebody else was faster.",
  });
  act(() => form.result.current.field("name").onChange("Bus"));
  act(() => form.result.current.submit(SUBMIT));
  await waitFor(() => expect(form.result.current.others).toEqual(["Somebody else was faster."]));
});

test("what was sent leaves no draft behind", async () => {
  const form = formOf();
  act(() => form.result.current.field("name").onChange("Bus"));
  act(() => form.result.current.submit(SUBMIT));
  await waitFor(() => expect(readDraft("thing", EMPTY)).toBeNull());
});

test("a second press while it is being sent sends nothing", async () => {
  let sent = 0;
  let finish: (() => void) | undefined;
  const form = formOf({
    send: () => {
      sent += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  act(() => form.result.current.field("name").onChange("Bus"));
  act(() => form.result.current.submit(SUBMIT));
  await waitFor(() => expect(form.result.current.pending).toBe(true));
  act(() => form.result.current.submit(SUBMIT));
  expect(sent).toBe(1);
  await act(async () => finish?.());
});
