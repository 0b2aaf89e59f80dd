import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { newFiles } from "./files.ts";
import { all } from "./made.ts";

const newFile = newFiles();
const root = fileURLToPath(new URL("../../", import.meta.url));
/** Inside the project, so that the child finds the same packages. */
const built = join(root, "node_modules", ".cache", `kill-test-${process.pid}`);

/** Ingests deliveries of 300 events without end, and says each that is committed. */
const child = `
import { openSqliteStore } from "./src/storage/sqlite.js";
import { event, nothingCounted, state } from "./test/storage/made.js";
const store = await openSqliteStore({ path: process.argv[2] });
for (let n = 0; ; n++) {
  const events = Array.from({ length: 300 }, (_, i) => 
    event("e" + n + "-" + i, { groupKey: "g" + (i % 7) }));
  await store.ingest(async (transaction) => {
    await transaction.claim(events.map(({ key }) => key), events.map(({ at }) => at));
    await transaction.append(events);
    await transaction.saveGroups([0, 1, 2, 3, 4, 5, 6].map((g) => state("g" + g)));
    await transaction.finish({ id: "d" + n, name: "n" }, { ...nothingCounted, eventCount: 300 });
  });
  process.stdout.write(n + "\\n");
}
`;

beforeAll(() => {
  transpile("src/storage/sqlite.ts", new Set());
  transpile("test/storage/made.ts", new Set());
  writeFileSync(join(built, "package.json"), "{\"type\":\"module\"}");
  writeFileSync(join(built, "child.js"), child);
}, 60_000);
afterAll(() => { rmSync(built, { recursive: true, force: true }); });

/** Node 20 runs no TypeScript: the same sources, and what they import, with the types taken off. */
function transpile(path: string, done: Set<string>): void {
  if (done.has(path)) return;
  done.add(path);
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2023,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  const source = readFileSync(join(root, path), "utf8");
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const to = join(built, path.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, outputText);
  for (const [, imported] of outputText.matchAll(/ from "(\.[^"]+)\.js"/g)) {
    transpile(join(dirname(path), `${imported ?? ""}.ts`), done);
  }
}

test.each([1, 2, 5, 9])("a kill after %i deliveries halves none", async (deliveries) => {
  const path = newFile();
  const said = await killedAfter(path, deliveries);
  const store = await openSqliteStore({ path });
  const { eventCount, deliveryCount, groupCount } = await store.counts();
  expect(deliveryCount).toBeGreaterThanOrEqual(said);
  expect(eventCount).toBe(deliveryCount * 300);
  expect(groupCount).toBe(7);
  const groups = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((g) => all(store.recordsOf(`g${g}`))));
  expect(groups.flat()).toHaveLength(deliveryCount * 300);
  for (let n = 0; n < deliveryCount; n++) expect(await store.isDone(`d${n}`)).toBe(true);
  await store.close();
});

/**
 * Runs the child until it has said so many deliveries, kills it, and returns how many it had said
 * by then.
 */
function killedAfter(path: string, deliveries: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const running = spawn(
      process.execPath, [join(built, "child.js"), path], { stdio: ["ignore", "pipe", "pipe"] },
    );
    let said = "";
    let errors = "";
    running.stderr.on("data", (chunk: Buffer) => { errors += chunk.toString(); });
    running.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split("\n").length > deliveries) running.kill("SIGKILL");
    });
    running.on("error", reject);
    running.on("close", (_, signal) => {
      if (signal === "SIGKILL") resolve(said.split("\n").length - 1);
      else reject(new Error(`The child ended by itself: ${errors}`));
    });
  });
}
