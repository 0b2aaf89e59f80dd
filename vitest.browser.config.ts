import { defineConfig } from "vitest/config";

/** What needs a browser, which npm does not bring: `npm run test:browser`. */
export default defineConfig({
  test: { include: ["test/browser/**/*.browser.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
