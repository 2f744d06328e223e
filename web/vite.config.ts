import { fileURLToPath } from "node:url";
import babel from "@rolldown/plugin-babel";
import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env["MOTORPOOL_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The babel step replaces Lingui's macros; it has to come before React's.
  plugins: [
    babel({ presets: [linguiTransformerBabelPreset()] }),
    lingui({ failOnCompileError: true }),
    react(),
    tailwindcss(),
  ],
  build: {
    outDir: "../src/motorpool/webapp",
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // MapLibre alone is larger than Vite's default; it is loaded only where a map is shown.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // One file for the first picture; libraries apart, they change seldom.
            {
              name: "libraries",
              tags: ["$initial"],
              test: /node_modules\/(react-dom|react|scheduler)\//,
              priority: 60,
            },
            { name: "frame", tags: ["$initial"], priority: 50 },
            // Overlays, lists and pickers: nothing of it is needed for the first picture.
            {
              name: "overlays",
              test: /node_modules\/(react-aria|react-stately|@internationalized|@react-)|src\/ui\/(drawer|confirm)/,
              priority: 30,
            },
            {
              name: "tables",
              test: /node_modules\/@tanstack\/(react-)?(table|virtual)|src\/ui\/table\//,
              priority: 20,
            },
            { name: "maps", test: /node_modules\/(maplibre-gl|@maplibre|@mapbox)/, priority: 20 },
            // Small parts that several pages share come as one file, not as thirty.
            {
              name: "shared",
              test: /src\/(lib|ui)\/|node_modules\/lucide-react/,
              minShareCount: 3,
              priority: 10,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: server, ws: true }, "/openapi.json": server } },
  test: {
    env: { TZ: "UTC" },
    // A page is made only for tests that need one: those are .tsx.
    projects: [
      { extends: true, test: { name: "plain", environment: "node", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "page",
          environment: "happy-dom",
          include: ["src/**/*.test.tsx"],
          setupFiles: ["src/testing/setup.ts"],
        },
      },
    ],
  },
});
