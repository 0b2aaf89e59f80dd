import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Property tests over gzip and SQLite on two busy cores take seconds; none waits on a clock.
    testTimeout: 60_000,
  },
});
