/** Arrows point down: app → features → map | realtime | ui → lib. */
const layer = (name, mayUse) => ({
  name: `${name}-reaches-only-down`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: {
    path: "^src/",
    pathNot: [`^src/${name}/`, "^src/locales/", "^src/testing/", ...mayUse.map((below) => `^src/${below}/`)],
  },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "features-do-not-know-each-other",
      comment: "What two features share belongs into lib or ui; what puts them together belongs into app.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    layer("features", ["map", "realtime", "ui", "lib"]),
    layer("map", ["ui", "lib"]),
    layer("realtime", ["lib"]),
    layer("ui", ["lib"]),
    layer("lib", []),
    {
      name: "tests-stay-outside",
      severity: "error",
      from: { pathNot: "\\.test\\.tsx?$|^src/testing/" },
      to: { path: "\\.test\\.tsx?$|^src/testing/" },
    },
    {
      name: "only-what-is-declared",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "unknown"] },
    },
    {
      name: "everything-exists",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "[?]url$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
