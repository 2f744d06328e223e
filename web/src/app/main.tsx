import { i18n } from "@lingui/core";
import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import "@/ui/app.css";

/** Sentences of one language; each is a file of its own, loaded when chosen. */
async function loadLanguage(locale: "en"): Promise<void> {
  const { messages } = await import(`../locales/${locale}.po`);
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
}

const root = document.getElementById("app");
if (root) {
  await loadLanguage("en");
  createRoot(root).render(<App />);
}
