// Before the first paint: the theme chosen last time. "system" (or nothing) leaves it to prefers-color-scheme.
(() => {
  try {
    const chosen = localStorage.getItem("motorpool.theme");
    if (chosen === "light" || chosen === "dark" || chosen === "contrast") {
      document.documentElement.dataset.theme = chosen;
    }
  } catch {
    // Storage is blocked: the system's theme stands.
  }
})();
