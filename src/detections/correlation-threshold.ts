import { isReachable, isUpperBound, operators } from "./correlation-condition.ts";
import type { Operator, Threshold } from "./correlation-condition.ts";
import { meant, shown } from "./correlation-shape.ts";
import type { Report } from "./correlation-shape.ts";
import type { CorrelationCondition, CorrelationType } from "./correlation.ts";

type Counted = "events" | "fields" | "numbers" | "rules";
/** What a type counts: events, values of fields, numbers of one field, or rules. */
export const countedBy: Readonly<Record<CorrelationType, Counted>> = {
  event_count: "events",
  value_count: "fields",
  value_sum: "numbers",
  value_avg: "numbers",
  value_percentile: "numbers",
  value_median: "numbers",
  temporal: "rules",
  temporal_ordered: "rules",
};

/** Reads the map form of a condition: comparisons, and for value types the field. */
export function readThreshold(
  type: CorrelationType,
  condition: Readonly<Record<string, unknown>>,
  report: Report,
): CorrelationCondition | null {
  let mistakes = 0;
  const wrong = (key: string | null, message: string): void => {
    mistakes += 1;
    report(["correlation", "condition", ...(key === null ? [] : [key])], message);
  };
  const known = [...operators, "field", "percentile"];
  for (const key of Object.keys(condition)) {
    if (!known.includes(key)) {
      wrong(
        key,
        `Unknown key 'correlation.condition.${key}'${meant(key, known)}: ` +
          `expected ${known.join(", ")}.`,
      );
    }
  }
  const thresholds = readThresholds(type, condition, wrong);
  const fields = readFields(type, condition["field"], wrong);
  const percentile = readPercentile(type, condition["percentile"], wrong);
  if (mistakes > 0) return null;
  if (countedBy[type] !== "numbers" && !isReachable(thresholds)) {
    wrong(
      null,
      "The condition can never hold: windows are judged only where an event is, " +
        "so counts start at 1.",
    );
    return null;
  }
  if (isUpperBound(thresholds)) {
    report(
      ["correlation", "condition"],
      "The condition has no lower bound, so it can hold at the very first event. " +
        "Add 'gte' if that is not meant.",
      "warning",
    );
  }
  if (type === "value_percentile" && condition["percentile"] === undefined) {
    report(
      ["correlation", "condition"],
      "No 'percentile' is given: the 50th is compared.",
      "warning",
    );
  }
  return { kind: "threshold", thresholds, fields, percentile };
}

type Wrong = (key: string | null, message: string) => void;

function readThresholds(
  type: CorrelationType,
  condition: Readonly<Record<string, unknown>>,
  wrong: Wrong,
): readonly Threshold[] {
  const isCount = countedBy[type] !== "numbers";
  const thresholds = operators.flatMap((operator: Operator) => {
    const value = condition[operator];
    if (value === undefined) return [];
    if (isLimit(value, isCount)) return [{ operator, value }];
    const expected = isCount ? "a whole number from 0" : "a number";
    wrong(
      operator,
      `'correlation.condition.${operator}' is ${shown(value)}: expected ${expected}.`,
    );
    return [];
  });
  if (thresholds.length === 0 && !operators.some((operator) => operator in condition)) {
    wrong(
      null,
      `'correlation.condition' compares nothing: expected one of ${operators.join(", ")}.`,
    );
  }
  return thresholds;
}

function isLimit(value: unknown, isCount: boolean): value is number {
  if (typeof value !== "number") return false;
  return isCount ? Number.isSafeInteger(value) && value >= 0 : Number.isFinite(value);
}

function readFields(type: CorrelationType, field: unknown, wrong: Wrong): readonly string[] {
  const wants = countedBy[type];
  if (wants === "events" || wants === "rules") {
    if (field !== undefined) {
      wrong("field", `'correlation.condition.field' has no meaning for ${type}: leave it out.`);
    }
    return [];
  }
  const fields: readonly unknown[] = Array.isArray(field) ? field : [field];
  const texts = fields.filter((name): name is string => typeof name === "string" && name !== "");
  const isRightCount = wants === "fields" ? texts.length > 0 : texts.length === 1;
  if (isRightCount && texts.length === fields.length) return texts;
  const expected = wants === "fields"
    ? "the field (or fields) whose values are counted"
    : "the field whose numbers are taken";
  const found = field === undefined ? "is missing" : `is ${shown(field)}`;
  wrong(
    field === undefined ? null : "field",
    `'correlation.condition.field' ${found}: expected ${expected}.`,
  );
  return [];
}

function readPercentile(type: CorrelationType, percentile: unknown, wrong: Wrong): number | null {
  if (type !== "value_percentile") {
    if (percentile !== undefined) {
      wrong(
        "percentile",
        `'correlation.condition.percentile' has no meaning for ${type}: leave it out.`,
      );
    }
    return null;
  }
  if (percentile === undefined) return 50;
  if (typeof percentile === "number" && percentile >= 0 && percentile <= 100) return percentile;
  wrong(
    "percentile",
    `'correlation.condition.percentile' is ${shown(percentile)}: expected a number from 0 to 100.`,
  );
  return null;
}
