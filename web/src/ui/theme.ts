import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark" | "contrast";
export const THEMES: readonly Theme[] = ["system", "light", "dark", "contrast"];

const KEY = "motorpool.theme";
const listeners = new Set<() => void>();

/** What the reader chose; "system" follows the computer. */
export function chosenTheme(): Theme {
  const stored = localStorage.getItem(KEY) as Theme | null;
  return stored && THEMES.includes(stored) ? stored : "system";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset["theme"] = theme;
  }
  for (const listener of listeners) listener();
}

/** What is on the screen now. */
export function shownTheme(): Exclude<Theme, "system"> {
  const theme = chosenTheme();
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls back whenever the colours on the screen change, by choice or by the computer. */
export function onThemeChange(listener: () => void): () => void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  listeners.add(listener);
  dark.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener("change", listener);
  };
}

export function useChosenTheme(): Theme {
  return useSyncExternalStore(onThemeChange, chosenTheme);
}

export function useShownTheme(): Exclude<Theme, "system"> {
  return useSyncExternalStore(onThemeChange, shownTheme);
}

/** A token as `rgb(…)`, for canvases and the map; `light-dark()` is worked out. */
export function resolveColor(token: `--${string}`): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
