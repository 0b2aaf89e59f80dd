export const operators = ["gt", "gte", "lt", "lte", "eq", "neq"] as const;
export type Operator = (typeof operators)[number];

/** One comparison of a correlation's condition, e.g. `gte: 3`. */
export interface Threshold {
  readonly operator: Operator;
  readonly value: number;
}

export function holds({ operator, value }: Threshold, measured: number): boolean {
  switch (operator) {
    case "gt":
      return measured > value;
    case "gte":
      return measured >= value;
    case "lt":
      return measured < value;
    case "lte":
      return measured <= value;
    case "eq":
      return measured === value;
    case "neq":
      return measured !== value;
    default:
      return operator satisfies never;
  }
}

/**
 * Which of two measured values is further into the condition: the smaller one where there are upper
 * bounds only, else the larger one.
 */
export function harder(thresholds: readonly Threshold[], a: number, b: number): number {
  return isUpperBound(thresholds) ? Math.min(a, b) : Math.max(a, b);
}

/** Whether the condition only limits from above: such a one holds at the very first event. */
export function isUpperBound(thresholds: readonly Threshold[]): boolean {
  const [first] = thresholds;
  return first !== undefined && thresholds.every(({ operator }) =>
    operator === "lt" || operator === "lte",
  );
}

/**
 * Whether some whole number from 1 up meets all thresholds; windows without events are never
 * judged, so 0 does not count.
 */
export function isReachable(thresholds: readonly Threshold[]): boolean {
  const candidates = thresholds.flatMap(({ value }) =>
    [Math.floor(value) - 1, Math.floor(value), Math.floor(value) + 1],
  );
  return [1, ...candidates].some((n) =>
    n >= 1 && thresholds.every((threshold) => holds(threshold, n)),
  );
}

/** A boolean expression over rule names: the extended condition of temporal correlations. */
export type RuleExpression =
  | { readonly op: "rule"; readonly name: string }
  | { readonly op: "not"; readonly of: RuleExpression }
  | { readonly op: "and" | "or"; readonly of: readonly RuleExpression[] };

/** @param present the rules that occur in the window */
export function evaluate(
  expression: RuleExpression,
  present: ReadonlyMap<string, unknown>,
): boolean {
  switch (expression.op) {
    case "rule":
      return present.has(expression.name);
    case "not":
      return !evaluate(expression.of, present);
    case "and":
      return expression.of.every((part) => evaluate(part, present));
    case "or":
      return expression.of.some((part) => evaluate(part, present));
    default:
      return expression satisfies never;
  }
}

/** Names in the expression; `wanted` are those not under a `not`: the ones whose order counts. */
export function namesIn(
  expression: RuleExpression,
): { readonly all: readonly string[]; readonly wanted: readonly string[] } {
  const all = new Set<string>();
  const wanted = new Set<string>();
  const visit = (part: RuleExpression, isWanted: boolean): void => {
    if (part.op === "rule") {
      all.add(part.name);
      if (isWanted) wanted.add(part.name);
    } else if (part.op === "not") visit(part.of, !isWanted);
    else for (const inner of part.of) visit(inner, isWanted);
  };
  visit(expression, true);
  return { all: [...all], wanted: [...wanted] };
}

export function renameRules(
  expression: RuleExpression,
  rename: (name: string) => string,
): RuleExpression {
  if (expression.op === "rule") return { op: "rule", name: rename(expression.name) };
  if (expression.op === "not") return { op: "not", of: renameRules(expression.of, rename) };
  return { op: expression.op, of: expression.of.map((part) => renameRules(part, rename)) };
}

/** Nesting of parentheses and `not`: far beyond what a person writes, far below the stack. */
const nestingMax = 50;

/**
 * Reads `a and (b or not c)`; `not` binds tightest, then `and`; the words in any case. An error is
 * a sentence.
 */
export function parseExpression(text: string): RuleExpression | { readonly error: string } {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const isWord = (word: string): boolean => tokens[at]?.toLowerCase() === word;

  const chain = (
    op: "and" | "or",
    next: (depth: number) => RuleExpression,
    depth: number,
  ): RuleExpression => {
    const parts = [next(depth)];
    while (isWord(op)) {
      at += 1;
      parts.push(next(depth));
    }
    const [only] = parts;
    return only !== undefined && parts.length === 1 ? only : { op, of: parts };
  };
  const either = (depth: number): RuleExpression => chain("or", both, depth);
  const both = (depth: number): RuleExpression => chain("and", single, depth);
  const single = (depth: number): RuleExpression => {
    const token = tokens[at];
    if (depth > nestingMax) throw new Mistake("is nested too deeply");
    if (token === undefined) throw new Mistake("ends where a rule name is expected");
    at += 1;
    const word = token.toLowerCase();
    if (word === "not") return { op: "not", of: single(depth + 1) };
    if (token === "(") {
      const inner = either(depth + 1);
      if (tokens[at] !== ")") {
        throw new Mistake(`has '${tokens[at] ?? "its end"}' where ')' is expected`);
      }
      at += 1;
      return inner;
    }
    if (token === ")" || word === "and" || word === "or") {
      throw new Mistake(`has '${token}' where a rule name is expected`);
    }
    return { op: "rule", name: token };
  };

  try {
    const expression = either(0);
    const left = tokens[at];
    return left === undefined
      ? expression
      : { error: `The condition has '${left}' where 'and', 'or' or its end is expected.` };
  } catch (mistake) {
    if (mistake instanceof Mistake) return { error: `The condition ${mistake.message}.` };
    throw mistake;
  }
}

/** Leaves the recursive descent; never leaves this file. */
class Mistake extends Error {}
