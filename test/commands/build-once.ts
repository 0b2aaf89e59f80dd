import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Before any test of the program: builds it when `dist` is missing, or older than the source. */
export function setup(): void {
  if (isBuilt()) return;
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const build = [tsc, "-p", "tsconfig.build.json"];
  execFileSync(process.execPath, build, { cwd: root, stdio: "inherit" });
  execFileSync(process.execPath, ["scripts/bundle.mjs"], { cwd: root, stdio: "inherit" });
}

/**
 * Every source has its output, not older than itself (tsc leaves alone what need not change), and
 * the bundles are not older than any.
 */
function isBuilt(): boolean {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("assembly"))
    .every((name) => {
      const bundles = ["quick-verbs.bundle.js", "every-verb.bundle.js"];
      const outputs = [name.replace(/\.ts$/, ".js"), ...bundles];
      const source = join(root, "src", name);
      return outputs.every((output) => isYounger(join(root, "dist", output), source));
    });
}

function isYounger(output: string, source: string): boolean {
  return existsSync(output) && statSync(output).mtimeMs >= statSync(source).mtimeMs;
}
