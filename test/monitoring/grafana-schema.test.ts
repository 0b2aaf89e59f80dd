import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { shownDashboards, type ShownDashboard, type ShownPanel } from "./shown.ts";

/**
 * Grafana publishes its dashboard schema as types, made from its CUE schema, in its foundation SDK.
 * A dashboard is held against them as a literal: what is missing, wrongly typed, no value of an
 * enumeration, or not known at all, does not compile.
 */
const head = `
import type * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import type * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import type * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import type * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import type * as table from "@grafana/grafana-foundation-sdk/table";
import type * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
type Json<T> = 0 extends 1 & T ? T : T extends string ? \`\${T}\`
  : T extends readonly (infer U)[] ? Json<U>[]
  : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
`;
const withField = new Set(["bargauge", "heatmap", "table", "timeseries"]);

function sourceOf(shown: ShownDashboard): string {
  const panels = shown.panels.map((panel) => ({ ...panel, targets: undefined }));
  const whole = { ...shown, panels };
  return [
    head,
    `const whole: Json<dashboard.Dashboard> = ${JSON.stringify(whole)};`,
    ...shown.panels.filter(({ type }) => type !== "row").flatMap(checksOf),
  ].join("\n");
}

function checksOf({ id, type, options, fieldConfig, targets = [] }: ShownPanel): readonly string[] {
  const custom = fieldConfig.defaults.custom;
  return [
    `const options${id}: Json<${type}.Options> = ${JSON.stringify(options)};`,
    ...(custom === undefined || !withField.has(type) ? [] : [
      `const custom${id}: Json<${type}.FieldConfig> = ${JSON.stringify(custom)};`,
    ]),
    ...targets.map((target, i) =>
      `const target${id}x${i}: Omit<Json<prometheus.Dataquery>, "_implementsDataqueryVariant"> = ` +
        `${JSON.stringify(target)};`),
  ];
}

/** What the compiler says against it. */
function problemsOf(source: string): readonly string[] {
  const name = join(import.meta.dirname, "held-against-the-schema.ts");
  const options: ts.CompilerOptions = {
    strict: true, noEmit: true, skipLibCheck: true, types: [],
    target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([name], options, {
    ...host,
    fileExists: (path) => path === name || host.fileExists(path),
    getSourceFile: (path, version, onError) => path === name
      ? ts.createSourceFile(path, source, version)
      : host.getSourceFile(path, version, onError),
  });
  return ts.getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("Grafana's schema", () => {
  it.each(shownDashboards.map((one) => [one.uid, one] as const))("%s fits", (_uid, one) => {
    expect(problemsOf(sourceOf(one))).toEqual([]);
  });

  it.each([
    { what: "an unknown key", from: '"editable":', to: '"editible":', said: "editible" },
    { what: "no value of an enumeration", from: '"mode":"absolute"', to: '"mode":"relative"',
      said: "relative" },
    { what: "a wrong type", from: '"expr":"', to: '"instant":"yes","expr":"', said: "boolean" },
    { what: "an option of no panel", from: '"justifyMode":"auto"', to: '"justifyMode":"left"',
      said: "left" },
  ])("bites on $what", ({ from, to, said }) => {
    const [fleet] = shownDashboards.filter(({ uid }) => uid === "trailwarden-fleet");
    if (fleet === undefined) throw new Error("There is no fleet dashboard.");
    const source = sourceOf(fleet);
    expect(source).toContain(from);
    expect(problemsOf(source.replaceAll(from, to)).join("\n")).toContain(said);
  });
});
