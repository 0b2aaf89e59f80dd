import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { fileLinesMax, lineColumnsMax, tidy, type SourceText } from "./tidy.ts";

const root = join(import.meta.dirname, "..");

function sources(folder: string): SourceText[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/assembly/"))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }));
}

describe("the house rules", () => {
  it("hold in src, test and bench", () => {
    const files = ["src", "test", "bench", "monitoring"].flatMap(sources);
    expect(files.length).toBeGreaterThan(50);
    expect(tidy(files)).toEqual([]);
  });

  it.each<[string, SourceText, string]>([
    [
      "core importing what comes after it",
      { path: "src/events/x.ts", text: 'import { a } from "../facts/fact.ts";' },
      "may not",
    ],
    [
      "findings importing notices",
      { path: "src/findings/x.ts", text: 'import { a } from "../notices/notice.ts";' },
      "may not",
    ],
    [
      "notices sending themselves",
      { path: "src/notices/x.ts", text: 'await fetch("https://slack.com");' },
      "fetch()",
    ],
    [
      "sessions importing baselines",
      { path: "src/sessions/x.ts", text: 'import { a } from "../baselines/baseline.ts";' },
      "may not",
    ],
    [
      "core importing edge",
      { path: "src/facts/x.ts", text: 'import { a } from "../storage/store.ts";' },
      "may not",
    ],
    [
      "evidence reading a bucket itself",
      { path: "src/evidence/x.ts", text: 'import { a } from "../sources/trail-bucket.ts";' },
      "may not",
    ],
    [
      "an audit asking AWS itself",
      { path: "src/audit/x.ts", text: 'import { a } from "../aws/iam.ts";' },
      "may not",
    ],
    [
      "core importing face",
      { path: "src/facts/x.ts", text: 'import { a } from "../commands/scan.ts";' },
      "may not",
    ],
    [
      "core importing the composition root",
      { path: "src/facts/x.ts", text: 'import { a } from "../app.ts";' },
      "may not",
    ],
    [
      "edge importing face",
      { path: "src/storage/x.ts", text: 'import { a } from "../commands/scan.ts";' },
      "may not",
    ],
    [
      "judging importing the service",
      { path: "src/judging/x.ts", text: 'import { a } from "../service/room.ts";' },
      "may not",
    ],
    [
      "revocations importing what carries them out",
      { path: "src/revocations/x.ts", text: 'import { a } from "../response/reconcile.ts";' },
      "may not",
    ],
    [
      "revocations asking AWS",
      { path: "src/revocations/x.ts", text: 'import { a } from "../aws/iam.ts";' },
      "may not",
    ],
    [
      "findings importing revocations",
      { path: "src/findings/x.ts", text: 'import { a } from "../revocations/plan.ts";' },
      "may not",
    ],
    [
      "edge importing judging",
      { path: "src/storage/x.ts", text: 'import { a } from "../judging/bench.ts";' },
      "may not",
    ],
    [
      "core reading files",
      { path: "src/events/x.ts", text: 'import { readFileSync } from "node:fs";' },
      "the core is pure",
    ],
    [
      "core reading the clock",
      { path: "src/events/x.ts", text: "const now = Date.now();" },
      "Date.now()",
    ],
    [
      "core making a date of now",
      { path: "src/events/x.ts", text: "const now = new Date();" },
      "new Date()",
    ],
    [
      "core throwing dice",
      { path: "src/simulation/x.ts", text: "const x = Math.random();" },
      "Math.random()",
    ],
    [
      "core reading the environment",
      { path: "src/events/x.ts", text: "const x = process.env;" },
      "process",
    ],
    ["core logging", { path: "src/events/x.ts", text: 'console.log("x");' }, "console"],
    ["core waiting", { path: "src/events/x.ts", text: "setTimeout(f, 1);" }, "a timer"],
    [
      "the AWS SDK outside aws/",
      { path: "src/sources/x.ts", text: 'import { A } from "@aws-sdk/client-sqs";' },
      "only src/aws/",
    ],
    [
      "a line too long",
      { path: "src/events/x.ts", text: "x".repeat(lineColumnsMax + 1) },
      "columns",
    ],
    ["a file too long", { path: "src/events/x.ts", text: "x\n".repeat(fileLinesMax + 1) }, "lines"],
    ["a name that says nothing", { path: "src/events/utils.ts", text: "" }, "says nothing"],
    ["a default export", { path: "src/events/x.ts", text: "export default 1;" }, "default export"],
    ["a barrel", { path: "src/events/x.ts", text: 'export * from "./y.ts";' }, "barrel"],
    ["any", { path: "src/events/x.ts", text: "const x: any = 1;" }, "any"],
    [
      "a silenced linter",
      { path: "src/events/x.ts", text: "// eslint-disable-next-line" },
      "eslint-disable",
    ],
    ["a silenced type check", { path: "src/events/x.ts", text: "// @ts-expect-error" }, "silenced"],
    [
      "an empty catch",
      { path: "src/events/x.ts", text: "try { f(); } catch (error) {}" },
      "empty catch",
    ],
    ["a test switched off", { path: "test/x.test.ts", text: 'it.skip("x", f);' }, "switched off"],
  ])("bite on %s", (_what, file, expected) => {
    expect(tidy([file]).join("\n")).toContain(expected);
  });

  it.each<[string, SourceText]>([
    [
      "core importing what comes before it",
      { path: "src/facts/x.ts", text: 'import { a } from "../events/event.ts";' },
    ],
    [
      "core importing the config's shape",
      { path: "src/facts/x.ts", text: 'import type { C } from "../config/schema.ts";' },
    ],
    [
      "edge importing core",
      { path: "src/storage/x.ts", text: 'import type { C } from "../findings/finding.ts";' },
    ],
    [
      "what carries revocations out importing them",
      { path: "src/response/x.ts", text: 'import type { P } from "../revocations/plan.ts";' },
    ],
    [
      "face importing edge",
      { path: "src/commands/x.ts", text: 'import { C } from "../storage/store.ts";' },
    ],
    [
      "the AWS SDK inside aws/",
      { path: "src/aws/sqs.ts", text: 'import { A } from "@aws-sdk/client-sqs";' },
    ],
    [
      "the clock in a comment of the core",
      { path: "src/events/x.ts", text: "/** Never Date.now(). */" },
    ],
  ])("stay quiet on %s", (_what, file) => {
    expect(tidy([file])).toEqual([]);
  });
});
