import { parseDocument } from "yaml";
import { z } from "zod";
import { Config } from "../config/schema.ts";
import type { RawRecord } from "../records/record.ts";
import type { TaskTold } from "../sessions/task-told.ts";
import { activityIn, CaseActivity, type Activity } from "./case-activity.ts";
import { caseBaseNames } from "./case-bases.ts";
import { pastRecords, pastShape } from "./case-past.ts";
import { CaseRevocation, revocationIn, type ToldRevocation } from "./case-revocations.ts";
import { CaseTask, taskToldIn } from "./case-tasks.ts";
import { isPatch, recordsOf } from "./case-records.ts";
import type { WrittenRecord } from "./case-records.ts";
import { meant, shown } from "./correlation-shape.ts";
import { entityTypes, levels } from "./detection.ts";
import type { RuleProblem } from "./detection.ts";

const Name = z.string().min(1, "expected a sentence that names the case").max(200);
const Choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, {
    error: ({ input }) => `expected one of ${values.join(", ")}${meant(input, values)}`,
  });
/** A dotted path; the one name that is no ordinary key of an object is refused. */
const Path = z
  .string()
  .regex(/^[^.]+(\.[^.]+)*$/, "expected a dotted path like requestParameters.roleArn")
  .refine((path) => !path.split(".").includes("__proto__"), "expected no '__proto__' in a path");

const Patch = z.strictObject({
  base: Choice(caseBaseNames).optional(),
  use: z.string().optional(),
  set: z.record(Path, z.unknown()).optional(),
  unset: z.array(Path).optional(),
  afterSeconds: z.int().min(-1e7).max(1e7).optional(),
  /** More than any threshold a rule should have. */
  times: z.int().min(1).max(1000).optional(),
  everySeconds: z.int().min(0).max(86400).optional(),
});

const Written = z.record(z.string(), z.unknown()).superRefine((written, context) => {
  if (!isPatch(written)) return;
  const parsed = Patch.safeParse(written);
  for (const issue of parsed.error?.issues ?? []) {
    context.addIssue({ code: "custom", path: issue.path, message: messageOf(issue) });
  }
});

/** What sessions of the same role did before: once for each of them. */
const Past = z.strictObject({ ...pastShape, records: z.array(Written).min(1).max(100) });

const Case = z.strictObject({
  name: Name,
  past: Past.optional(),
  config: z.unknown().optional(),
  /** What was told of tasks. */
  tasks: z.array(CaseTask).max(20).default([]),
  /** What of ours was in force. */
  revocations: z.array(CaseRevocation).max(20).default([]),
  /** Where events came from before, hour by hour. */
  activity: z.array(CaseActivity).max(20).default([]),
  /** Of tasks and sources: what is true by then, though no record says so. */
  asOf: z.iso.datetime("expected an instant like 2026-03-01T12:00:00Z").optional(),
  /** None only where tasks or activity are all there is. */
  records: z.array(Written).max(500).default([]),
}).refine(({ records, tasks, activity }) => records.length + tasks.length + activity.length > 0, {
  path: ["records"], message: "expected at least one record",
});

/** What the finding must be; what is left out is not looked at. */
const Expectation = z.strictObject({
  level: Choice(levels).optional(),
  /** The sentence, or `{ "contains": … }`. */
  because: z.union([z.string(), z.strictObject({ contains: z.string() })]).optional(),
  entity: z
    .union([z.enum(entityTypes), z.strictObject({ type: z.enum(entityTypes), id: z.string() })], {
      error: `expected one of ${entityTypes.join(", ")}, or a type and an id`,
    })
    .optional(),
  eventCount: z.int().positive().optional(),
  confidence: Choice(["high", "medium", "low"]).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

const CasesFile = z.strictObject({
  /** For all cases that bring none of their own. As the YAML config, written as JSON. */
  config: z.unknown().optional(),
  /** For all cases that bring none of their own. */
  past: Past.optional(),
  /** Records that cases refer to by `{ "use": name }`. */
  shared: z.record(z.string(), Written).default({}),
  fires: z
    .array(Case.safeExtend({ expect: Expectation.default({}) }))
    .min(1, "expected at least one case in which the rule fires"),
  quiet: z.array(Case).min(1, "expected at least one case in which the rule stays quiet"),
});

export interface RuleCase {
  readonly name: string;
  readonly config: Config;
  readonly records: readonly RawRecord[];
  readonly tasks: readonly TaskTold[];
  readonly activity: readonly Activity[];
  readonly revocations: readonly ToldRevocation[];
  /** ms UTC. */
  readonly asOf: number | null;
  /** Null where the rule must stay quiet. */
  readonly expect: Expectation | null;
}

export interface RuleCases {
  /** The rule's name: the file's, without `.cases.json`. */
  readonly rule: string;
  readonly file: string;
  readonly cases: readonly RuleCase[];
}

/**
 * Reads `<rule>.cases.json`. Every problem names the path in the file and the value found there.
 */
export function parseCases(
  text: string,
  file: string,
): { readonly cases: RuleCases | null; readonly problems: readonly RuleProblem[] } {
  const json = parseJson(text);
  if ("error" in json) {
    return { cases: null, problems: [{ ...json.error, severity: "error", file }] };
  }
  const parsed = CasesFile.safeParse(json.value);
  const mistakes = parsed.success
    ? wrongUses(parsed.data)
    : parsed.error.issues.flatMap((issue) => inWords(issue, json.value));
  const built = parsed.success ? build(parsed.data) : { cases: [], mistakes: [] };
  const problems = [...mistakes, ...built.mistakes].map(
    (message): RuleProblem => ({ severity: "error", file, line: null, column: null, message }),
  );
  const rule = file.slice(file.lastIndexOf("/") + 1).replace(/\.cases\.json$/, "");
  return { cases: problems.length > 0 ? null : { rule, file, cases: built.cases }, problems };
}

type CasesFile = z.infer<typeof CasesFile>;

function parseJson(
  text: string,
): { value: unknown } | { error: Pick<RuleProblem, "line" | "column" | "message"> } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : "unreadable";
    const message = `Cannot read the file as JSON: ${detail.replace(/\s+/g, " ").slice(0, 200)}.`;
    return { error: { ...placeOf(text, detail), message } };
  }
}

/**
 * Not every message of Node's tells the position; YAML, of which JSON is a part, knows most others.
 */
function placeOf(text: string, detail: string): Pick<RuleProblem, "line" | "column"> {
  const told = /at position (\d+)/.exec(detail)?.[1];
  const position = told ?? parseDocument(text, { prettyErrors: false }).errors[0]?.pos[0];
  if (position === undefined) return { line: null, column: null };
  const before = text.slice(0, Number(position)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** `use` must name a shared record, and shared records must stand alone. */
function wrongUses({ shared, past, fires, quiet }: CasesFile): readonly string[] {
  const known = Object.keys(shared);
  const chained = Object.entries(shared)
    .filter(([, record]) => Object.hasOwn(record, "use"))
    .map(([name]) => `'shared.${name}' uses another shared record: expected a base or a record.`);
  const lists = [
    ["past", past?.records ?? []] as const,
    ...(["fires", "quiet"] as const).flatMap((list) =>
      (list === "fires" ? fires : quiet).flatMap((one, i) => [
        [`${list}[${i}]`, one.records] as const,
        [`${list}[${i}].past`, one.past?.records ?? []] as const,
      ])),
  ];
  const unknown = lists.flatMap(([path, records]) => records.flatMap(({ use }, j) => {
    if (typeof use !== "string" || known.includes(use)) return [];
    return [
      `'${path}.records[${j}].use' is '${use}': ` +
        `no shared record has that name${meant(use, known)}.`,
    ];
  }));
  return [...chained, ...unknown];
}

function build(
  file: CasesFile,
): { readonly cases: readonly RuleCase[]; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const configOf = (given: unknown, path: string): Config => {
    const parsed = Config.safeParse(given ?? {});
    if (parsed.success) return parsed.data;
    mistakes.push(...parsed.error.issues.flatMap((issue) => inWords(issue, given, path)));
    return Config.parse({});
  };
  const shared = configOf(file.config, "config");
  const written = file.shared as Readonly<Record<string, WrittenRecord>>;
  const cases = (["fires", "quiet"] as const).flatMap((list) =>
    file[list].map((one, i): RuleCase => ({
      name: one.name,
      config: one.config === undefined ? shared : configOf(one.config, `${list}[${i}].config`),
      records: [
        ...before(one.past ?? file.past, written),
        ...recordsOf(one.name, one.records, written),
      ],
      tasks: one.tasks.map(taskToldIn),
      activity: one.activity.map(activityIn),
      revocations: one.revocations.map(revocationIn),
      asOf: one.asOf === undefined ? null : Date.parse(one.asOf),
      expect: "expect" in one ? (one as { expect: Expectation }).expect : null,
    })),
  );
  return { cases, mistakes };
}

function before(
  past: CasesFile["past"],
  shared: Readonly<Record<string, WrittenRecord>>,
): readonly RawRecord[] {
  return past === undefined ? [] : pastRecords(past, recordsOf("the past", past.records, shared));
}

function inWords(issue: z.core.$ZodIssue, root: unknown, prefix = ""): readonly string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `Unknown key '${pathText([...issue.path, key], prefix)}'.`);
  }
  const found = issue.path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<PropertyKey, unknown>>)[key]
        : undefined,
    root,
  );
  const what = found === undefined ? "is missing" : `is ${shown(found)}`;
  return [`'${pathText(issue.path, prefix)}' ${what}: ${messageOf(issue)}.`];
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `expected no key ${issue.keys.join(", ")}`;
  return issue.message.replace(/^Invalid input: /, "");
}

function pathText(path: readonly PropertyKey[], prefix: string): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, prefix);
}
