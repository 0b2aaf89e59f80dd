import { defineConfig } from "vitest/config";

/** What needs Debian's Prometheus and Alertmanager (pictures: Chromium too): `npm run test:stack`. */
export default defineConfig({
  test: {
    include: ["test/stack/**/*.stack.ts"],
    globalSetup: ["test/commands/build-once.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
