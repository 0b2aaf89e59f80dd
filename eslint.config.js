import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", "coverage", "node_modules", "src/records/scan/assembly"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-params": "off",
      "@typescript-eslint/max-params": ["error", { max: 3 }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // Tables of panels. Grafana's first schema, "deprecated" for one that only Grafana 12 imports.
    files: ["monitoring/**"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/no-deprecated": "off" },
  },
  {
    files: ["test/**"],
    rules: { "max-lines-per-function": "off" },
  },
  { files: ["eslint.config.js", "scripts/*.mjs", "bench/*.mjs", "test/**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
