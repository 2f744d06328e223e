import { formatter } from "@lingui/format-po";
import { defineConfig } from "@lingui/cli";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en"],
  catalogs: [
    { path: "<rootDir>/src/locales/{locale}", include: ["<rootDir>/src"], exclude: ["**/*.test.*"] },
  ],
  // Neither file names nor dates: two people adding sentences then seldom change the same lines.
  format: formatter({ origins: false, lineNumbers: false }),
});
