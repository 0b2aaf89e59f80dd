import { defineConfig } from "vitest/config";

/** What needs moto (PyPI), which npm cannot install: `npm run test:moto`. */
export default defineConfig({
  test: { include: ["test/moto/**/*.moto.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
