import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { ToastRegion, toast, useToasts } from "@/ui/toast";

afterEach(() => {
  vi.useRealTimers();
  useToasts.setState({ shown: [] });
});

function region() {
  render(
    <I18nProvider i18n={i18n}>
      <ToastRegion />
    </I18nProvider>,
  );
}

test("what was done is said and goes by itself", () => {
  vi.useFakeTimers();
  region();
  act(() => toast("done", "Bus 01 is saved."));
  expect(screen.getByRole("status").textContent).toContain("Bus 01 is saved.");
  act(() => {
    vi.advanceTimersByTime(8000);
  });
  expect(screen.queryByText("Bus 01 is saved.")).toBeNull();
});

test("what failed stays until it is closed", async () => {
  region();
  act(() => toast("failed", "It could not be saved."));
  await userEvent.click(screen.getByRole("button", { name: "Close message" }));
  expect(screen.queryByText("It could not be saved.")).toBeNull();
});

test("an offer is taken once and then gone", async () => {
  const undo = vi.fn();
  region();
  act(() => toast("done", "Removed.", { label: "Undo", run: undo }));
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(screen.queryByText("Removed.")).toBeNull();
});

test("never more than three stand above each other", () => {
  region();
  act(() => {
    for (const text of ["one", "two", "three", "four"]) toast("failed", text);
  });
  expect(screen.queryByText("one")).toBeNull();
  expect(screen.getByText("four")).toBeDefined();
});
