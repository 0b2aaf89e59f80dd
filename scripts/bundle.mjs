// Bundles the program, with what it uses of packages that are many small files: loading a few files
// takes a third of the time that loading some twelve hundred takes. The verbs that stand before
// every start of an agent (`run`, `credentials`) have a bundle of their own, which is smaller still.
import { readdirSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath, URL } from "node:url";
import { build } from "rolldown";

const root = new URL("../", import.meta.url);
const source = fileURLToPath(new URL("src/", root));
const dist = fileURLToPath(new URL("dist/", root));

/** Compiled ones, those that start threads or serve files of their own, and the large. */
const left = /^(?:@aws-sdk\/|@smithy\/|@fastify\/|(?:libsql|pino|pino-pretty|fastify|prom-client)$)/;

/** Modules find what lies beside them as if they were where the compiler puts them. */
const places = {
  name: "places",
  transform: (code, id) => {
    if (!id.startsWith(source) || !code.includes("import.meta.url")) return null;
    const own = JSON.stringify(`./${relative(source, id).replace(/\.ts$/, ".js")}`);
    return code.replaceAll("import.meta.url", `new URL(${own}, import.meta.url).href`);
  },
};

for (const name of readdirSync(dist)) {
  if (/\.(?:bundle|part-.*)\.js$/.test(name)) rmSync(new URL(`dist/${name}`, root));
}
await bundle("quick-verbs", { minify: true });
// Whoever reads of an error of ours should find the function's name.
await bundle("every-verb", { minify: false, external: (id) => left.test(id) });

async function bundle(name, { minify, external }) {
  await build({
    input: `${source}${name}.ts`,
    platform: "node",
    external,
    // Of packages in both forms, that which can be cut down to what is used.
    resolve: { mainFields: ["module", "main"] },
    plugins: [places],
    logLevel: "warn",
    output: {
      dir: dist,
      format: "esm",
      entryFileNames: `${name}.bundle.js`,
      chunkFileNames: `${name}.part-[hash].js`,
      minify,
    },
  });
}
