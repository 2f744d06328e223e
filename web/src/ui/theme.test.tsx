import { expect, test } from "vitest";
import { chosenTheme, chooseTheme, onThemeChange } from "@/ui/theme";

test("a theme that is chosen stands at the page and is remembered", () => {
  chooseTheme("contrast");
  expect(document.documentElement.dataset["theme"]).toBe("contrast");
  expect(chosenTheme()).toBe("contrast");
});

test("the system's theme leaves the page to the computer", () => {
  chooseTheme("dark");
  chooseTheme("system");
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
  expect(chosenTheme()).toBe("system");
});

test("an unknown theme in the storage is the system's", () => {
  localStorage.setItem("motorpool.theme", "purple");
  expect(chosenTheme()).toBe("system");
});

test("who listens hears of a change until he stops", () => {
  let heard = 0;
  const stop = onThemeChange(() => {
    heard += 1;
  });
  chooseTheme("light");
  stop();
  chooseTheme("dark");
  expect(heard).toBe(1);
});
