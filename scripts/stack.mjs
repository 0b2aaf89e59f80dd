// `npm run stack`: bundles monitoring/stack/ and starts it. With `watch`: only the watch and its
// traffic, for a container beside others (compose.yaml).
import { mkdirSync } from "node:fs";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("../", import.meta.url));
const cache = `${root}node_modules/.cache/stack`;
mkdirSync(cache, { recursive: true });
await build({
  input: `${root}monitoring/stack/run-stack.ts`,
  platform: "node",
  logLevel: "silent",
  output: { dir: cache, format: "esm", entryFileNames: "stack.mjs" },
});
const { runStack } = await import(`${cache}/stack.mjs`);
process.exitCode = await runStack(root, process.argv[2] === "watch" ? "watch" : "all");
