import { z } from "zod";
import { nearest } from "../text/nearest.ts";
import { correlationTypes } from "./correlation.ts";
import { entityTypes, levels } from "./detection.ts";

const Text = z.string({ error: "expected text" }).trim().min(
  1,
  "expected text, not an empty value",
).max(4096);
const Texts = z
  .union([Text.transform((text) => [text]), z.array(Text).min(1, "expected at least one")], {
    error: "expected a text or a list of texts",
  })
  .refine((texts) => new Set(texts).size === texts.length, "expected each one once");
const OptionalTexts = z.union(
  [Texts, z.null().transform(() => [])],
  { error: "expected a list of texts" },
).default([]);
const Choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(
    values,
    { error: ({ input }) => `expected one of ${values.join(", ")}${meant(input, values)}` },
  );

/**
 * A correlation document's keys, and what they must be. Sigma allows further keys at the top, not
 * inside `correlation`.
 */
export const CorrelationShape = z.looseObject({
  title: Text.max(256, "expected at most 256 characters"),
  id: Text.optional(),
  name: Text.optional(),
  status: Text.nullish(),
  description: z.string().nullish(),
  level: Choice(levels).default("medium"),
  tags: OptionalTexts,
  falsepositives: OptionalTexts,
  references: OptionalTexts,
  /**
   * The specification lists it beside `level`, rules in the wild write it inside `correlation` too.
   */
  generate: z.boolean().optional(),
  correlation: z.strictObject({
    type: Choice(correlationTypes),
    rules: Texts.optional(),
    "group-by": OptionalTexts,
    timespan: z.string({ error: "expected a length such as 90s, 15m, 24h or 7d" }).trim(),
    condition: z.unknown().optional(),
    aliases: z.record(Text, z.record(Text, Text)).default({}),
    generate: z.boolean().optional(),
  }),
  trailwarden: z
    .strictObject({
      entity: Choice(entityTypes).optional(),
      because: Text.optional(),
      level_when: z.record(Text, z.record(Text, Choice(levels))).default({}),
      blind_spots: OptionalTexts,
    })
    .prefault({}),
});
export type CorrelationShape = z.infer<typeof CorrelationShape>;

/** Says what is wrong at a path of the document. */
export type Report = (
  path: readonly (string | number)[],
  message: string,
  severity?: "error" | "warning",
) => void;

export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The document by its shape, or everything that is wrong with it. */
export function readShape(doc: unknown): CorrelationShape | readonly Mistake[] {
  const parsed = CorrelationShape.safeParse(doc);
  return parsed.success
    ? parsed.data
    : parsed.error.issues.flatMap((issue) => mistakesOf(issue, doc));
}

function mistakesOf(issue: z.core.$ZodIssue, doc: unknown): readonly Mistake[] {
  const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message:
        `Unknown key '${[...path, key].join(".")}'` +
        `${nearKey(key, knownKeys[path.join(".")] ?? [])}.`,
    }));
  }
  const found = path.reduce(childOf, doc);
  const expected = issue.message.startsWith("expected")
    ? issue.message
    : issue.message.replace(/^Invalid input: /, "");
  const name = path.length === 0 ? "The document" : `'${path.join(".")}'`;
  const what = found === undefined ? `is missing: ${expected}` : `is ${shown(found)}: ${expected}`;
  return [{ path, message: `${name} ${what}.` }];
}

const knownKeys: Readonly<Record<string, readonly string[]>> = {
  correlation: Object.keys(CorrelationShape.shape.correlation.shape),
  trailwarden: ["entity", "because", "level_when", "blind_spots"],
};

/** What Sigma 1 called `timespan` resembles it to nobody but a reader. */
function nearKey(key: string, known: readonly string[]): string {
  return key === "timeframe" ? " (did you mean 'timespan'?)" : meant(key, known);
}

function childOf(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

/** `, did you mean 'x'?` where a known name is near; else nothing. */
export function meant(text: unknown, known: readonly string[]): string {
  const near = typeof text === "string" ? nearest(text, known) : null;
  return near === null || near === text ? "" : ` (did you mean '${near}'?)`;
}

function stringified(value: unknown): string {
  return value === undefined ? "undefined" : JSON.stringify(value);
}

/** A value as an error shows it: short, on one line. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? `'${value}'` : stringified(value);
  const line = text.replace(/\s+/g, " ");
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
