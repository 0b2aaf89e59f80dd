/**
 * The house rules that a program can hold, over a set of source files. Each returns sentences; none
 * is good.
 */
export interface SourceText {
  /** From the repository's root, e.g. `src/events/event.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Core folders, in import order: each may import itself and those before it. */
const core = [
  "text",
  "records",
  "events",
  "sessions",
  "baselines",
  "facts",
  "detections",
  "findings",
  "notices",
  "revocations",
  "audit",
  "evidence",
  "simulation",
];
const edge = [
  "telemetry", "aws", "sources", "storage", "notifications", "response", "tasks", "wrapper",
];
/** What joins core and edge, as the roots do; each may import those before it. */
const flows = ["judging", "service"];
const face = ["http", "console", "commands"];
/** What decides nothing of the flow and may be imported by anyone: the shape of the config. */
const shared = ["src/config/schema.ts"];
/** The composition root and the one place that joins core and store. */
const roots = ["main.ts", "cli.ts", "app.ts", "pipeline.ts"];
/** Generated: from the AssemblyScript beside it; from a package's data. */
const generated = /\/(?:scanner-wasm|iam-actions-by-level)\.ts$/;

const impureImports = /^node:(?!zlib$|crypto$|buffer$|assert$)/;
/** Words that reach for the clock, the environment, chance or the console. */
const impureWords: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\(/, "Date.now()"],
  [/\bnew Date\(\)/, "new Date()"],
  [/\bperformance\.now\(/, "performance.now()"],
  [/\bMath\.random\(/, "Math.random()"],
  [/\bprocess\./, "process"],
  [/\bconsole\./, "console"],
  [/\bset(?:Timeout|Interval|Immediate)\(/, "a timer"],
  [/\bfetch\(/, "fetch()"],
];
const bannedNames =
  /(?:^|\/)(?:utils?|helpers?|common|managers?|misc|shared|stuff|index)(?:\.ts|\/)/;
const bannedText: readonly (readonly [RegExp, string])[] = [
  [/\bexport default\b/, "a default export"],
  [/\bexport \* from\b/, "a barrel (export *)"],
  [/eslint-disable/, "eslint-disable"],
  [/@ts-(?:ignore|expect-error|nocheck)/, "a silenced type check"],
  [/\bas any\b|: any\b/, "any"],
  [/catch(?: \(\w+\))? \{\s*\}/, "an empty catch"],
  [
    /\b(?:describe|it|test)\.(?:only|skip|todo)\b/,
    "a test that is switched off, or switches others off",
  ],
];

export const lineColumnsMax = 100;
export const fileLinesMax = 250;

export function tidy(files: readonly SourceText[]): readonly string[] {
  return files.flatMap((file) => [
    ...direction(file),
    ...purity(file),
    ...awsOnlyInAws(file),
    ...lengths(file),
    ...names(file),
    ...banned(file),
  ]);
}

function importsOf(text: string): readonly string[] {
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\()"([^"]+)"/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

/**
 * `../events/event.ts` seen from `src/sessions/x.ts` -> `src/events/event.ts`; packages stay as
 * they are.
 */
function resolved(from: string, specifier: string): string {
  return specifier.startsWith(".")
    ? new URL(specifier, `file:///${from}`).pathname.slice(1)
    : specifier;
}

const folderOf = (path: string): string | null => /^src\/([^/]+)\//.exec(path)?.[1] ?? null;

function direction({ path, text }: SourceText): string[] {
  const folder = folderOf(path);
  if (folder === null) return [];
  return importsOf(text)
    .map((specifier) => resolved(path, specifier))
    .filter((target) => target.startsWith("src/") && !shared.includes(target))
    .filter((target) => !mayImport(folder, target))
    .map((target) => `${path} imports ${target}: ${folder}/ may not.`);
}

function mayImport(folder: string, target: string): boolean {
  const to = folderOf(target);
  if (to === folder) return true;
  const isAbove = flows.includes(folder) || face.includes(folder);
  if (to === null) return isAbove || !roots.includes(target.slice("src/".length));
  if (core.includes(folder)) return core.includes(to) && core.indexOf(to) < core.indexOf(folder);
  if (folder === "config") return to === "text";
  if (edge.includes(folder)) return core.includes(to) || edge.includes(to) || to === "config";
  if (flows.includes(folder)) {
    const isFlow = flows.includes(to);
    return isFlow ? flows.indexOf(to) < flows.indexOf(folder) : !face.includes(to);
  }
  return face.includes(folder);
}

function purity({ path, text }: SourceText): string[] {
  const folder = folderOf(path);
  if (folder === null || !core.includes(folder)) return [];
  const code = withoutComments(text);
  return [
    ...importsOf(text)
      .filter((name) => impureImports.test(name))
      .map((name) => `${path} imports ${name}: the core is pure.`),
    ...impureWords
      .filter(([word]) => word.test(code))
      .map(([, what]) => `${path} uses ${what}: the core is pure.`),
  ];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function awsOnlyInAws({ path, text }: SourceText): string[] {
  if (folderOf(path) === "aws" || !path.startsWith("src/")) return [];
  return importsOf(text)
    .filter((name) => name.startsWith("@aws-sdk/") || name.startsWith("@smithy/"))
    .map((name) => `${path} imports ${name}: only src/aws/ may.`);
}

function lengths({ path, text }: SourceText): string[] {
  if (generated.test(path)) return [];
  const lines = text.replace(/\n$/, "").split("\n");
  const long = lines.flatMap((line, i) =>
    line.length > lineColumnsMax
      ? [`${path}:${i + 1} has ${line.length} columns, at most ${lineColumnsMax}.`]
      : [],
  );
  return lines.length > fileLinesMax
    ? [...long, `${path} has ${lines.length} lines, at most ${fileLinesMax}.`]
    : long;
}

function names({ path }: SourceText): string[] {
  return bannedNames.test(path) ? [`${path} says nothing by its name.`] : [];
}

function banned({ path, text }: SourceText): string[] {
  if (path === "test/tidy.ts" || path === "test/tidy.test.ts") return [];
  const defaults = path.endsWith(".config.ts") ? bannedText.slice(1) : bannedText;
  return defaults.filter(([word]) => word.test(text)).map(([, what]) => `${path} has ${what}.`);
}
