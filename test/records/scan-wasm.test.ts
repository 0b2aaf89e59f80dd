import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { compileScanner, scannerSource } from "../../scripts/build-scanner.mjs";
import { makeScanner } from "../../src/records/scan/scanner.ts";

it("is committed as its sources compile to, byte for byte, and stays small", async () => {
  const binary = await compileScanner();
  const path = new URL("../../src/records/scan/scanner-wasm.ts", import.meta.url);
  expect(scannerSource(binary)).toBe(await readFile(path, "utf8"));
  expect(binary.length).toBeLessThan(12_000);
});

it("has memory for all its tables", () => {
  const scanner = makeScanner();
  expect(scanner?.memory.buffer.byteLength).toBeGreaterThanOrEqual(scanner?.END.value ?? Infinity);
});
