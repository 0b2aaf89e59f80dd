// Bundles the verbs that stand before every start of an agent (`run`, `credentials`), with all they
// use: loading one file takes a third of the time that loading some four hundred takes. The rest of
// the program needs no bundle.
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath, URL } from "node:url";
import { build } from "rolldown";

const root = new URL("../", import.meta.url);
const dist = new URL("dist/", root);

for (const name of readdirSync(dist)) {
  if (/^quick-verbs\.(?:bundle|part-.*)\.js$/.test(name)) rmSync(new URL(name, dist));
}
await build({
  input: fileURLToPath(new URL("src/quick-verbs.ts", root)),
  platform: "node",
  // Of packages in both forms, that which can be cut down to what is used.
  resolve: { mainFields: ["module", "main"] },
  logLevel: "warn",
  output: {
    dir: fileURLToPath(dist),
    format: "esm",
    // Beside the others, since `version.ts` looks for the manifest one folder up.
    entryFileNames: "quick-verbs.bundle.js",
    chunkFileNames: "quick-verbs.part-[hash].js",
    minify: true,
  },
});
