import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Property tests over gzip and SQLite on two busy cores take seconds; none waits on a clock.
const testTimeout = 60_000;
/** Those that run the built program; the others need no build. */
const ofTheProgram = ["test/commands/**/*.test.ts", "test/sources/reader-thread.test.ts"];

export default defineConfig({
  test: {
    // Most of the time goes into programs that tests start: one worker leaves two cores half idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: "program",
          include: ofTheProgram,
          globalSetup: ["test/commands/build-once.ts"],
          testTimeout,
          hookTimeout: testTimeout,
        },
      },
      {
        test: {
          name: "modules",
          include: ["test/**/*.test.ts"],
          exclude: ofTheProgram,
          testTimeout,
          hookTimeout: testTimeout,
        },
      },
    ],
  },
});
