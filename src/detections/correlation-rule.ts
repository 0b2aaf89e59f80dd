import { namesIn, parseExpression, renameRules } from "./correlation-condition.ts";
import { meant, shown } from "./correlation-shape.ts";
import type { CorrelationShape, Report } from "./correlation-shape.ts";
import { countedBy, readThreshold } from "./correlation-threshold.ts";
import type { CorrelationCondition, CorrelationType } from "./correlation.ts";

const unitMs: Readonly<Record<string, number>> = {
  s: 1e3,
  m: 60e3,
  h: 3600e3,
  d: 86400e3,
  w: 7 * 86400e3,
};
/** Ten years: the longest that events can be kept. */
const timespanMaxMs = 3650 * 86400e3;

/**
 * `90s`, `15m`, `24h`, `7d` (Sigma), and `2w`; null when reported. Months and years have no fixed
 * length.
 */
export function readTimespan(text: string, report: Report): number | null {
  const [, count, unit] = /^(\d{1,9})([a-zA-Z])$/.exec(text) ?? [];
  const length = Number(count) * (unitMs[unit ?? ""] ?? Number.NaN);
  if (length > 0 && length <= timespanMaxMs) return length;
  const hint = unit === "M" || unit === "y" ? " Write months and years in days." : "";
  report(
    ["correlation", "timespan"],
    `'correlation.timespan' is '${text}': expected a number from 1 and a unit s, m, h, d or w, ` +
      `like 90m, at most 3650d.${hint}`,
  );
  return null;
}

/**
 * @param rules the names of `rules`, resolved; null where the document lists none
 * @param rename from a rule's name or id to its name
 */
export function readCondition(
  { type, condition, rules }: Pick<CorrelationShape["correlation"], "type" | "condition"> & {
    rules: readonly string[] | null,
  },
  rename: (name: string) => string,
  report: Report,
): CorrelationCondition | null {
  const isTemporal = countedBy[type] === "rules";
  if (typeof condition === "string" && isTemporal) {
    return readExpression({ condition, rules }, rename, report);
  }
  if (condition === undefined || condition === null) {
    if (isTemporal && rules !== null) return allOf(rules);
    report(["correlation"], `'correlation.condition' is missing: expected ${expectedOf(type)}.`);
    return null;
  }
  if (typeof condition !== "object" || Array.isArray(condition)) {
    report(
      ["correlation", "condition"],
      `'correlation.condition' is ${shown(condition)}: expected ${expectedOf(type)}.`,
    );
    return null;
  }
  return readThreshold(type, condition as Readonly<Record<string, unknown>>, report);
}

/** What temporal correlations mean by default: every rule occurs. */
function allOf(rules: readonly string[]): CorrelationCondition {
  return {
    kind: "threshold",
    thresholds: [{ operator: "gte", value: rules.length }],
    fields: [],
    percentile: null,
  };
}

function expectedOf(type: CorrelationType): string {
  const field = countedBy[type] === "numbers" || countedBy[type] === "fields"
    ? "'field' and "
    : "";
  const expression = countedBy[type] === "rules" ? "an expression over rule names, or " : "";
  return `${expression}${field}a comparison like 'gte: 3'`;
}

function readExpression(
  { condition, rules }: { readonly condition: string; readonly rules: readonly string[] | null },
  rename: (name: string) => string,
  report: Report,
): CorrelationCondition | null {
  const parsed = parseExpression(condition);
  const path = ["correlation", "condition"];
  if ("error" in parsed) {
    report(path, parsed.error);
    return null;
  }
  const expression = renameRules(parsed, rename);
  const { all, wanted } = namesIn(expression);
  const unlisted = rules === null ? [] : all.filter((name) => !rules.includes(name));
  for (const name of unlisted) {
    report(
      path,
      `The condition names '${name}', which is not among 'correlation.rules'` +
        `${meant(name, rules ?? [])}.`,
    );
  }
  if (wanted.length === 0) {
    report(path, "The condition only excludes rules: expected one that must occur.");
  }
  return unlisted.length > 0 || wanted.length === 0 ? null : { kind: "rules", expression };
}
