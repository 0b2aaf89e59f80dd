import { evaluate, namesIn } from "./correlation-condition.ts";
import type { RuleExpression } from "./correlation-condition.ts";
import type { Contribution, Measure } from "./correlation-measure.ts";
import type { Correlation } from "./correlation.ts";

/** How many of the rules occur; with an extended condition, only where that holds. */
export class Presence implements Measure {
  readonly #rules: readonly string[];
  readonly #expression: RuleExpression | null;
  readonly #counts = new Map<string, number>();

  constructor(rules: readonly string[], expression: RuleExpression | null) {
    this.#rules = rules;
    this.#expression = expression;
  }
  add(contributions: readonly Contribution[]): void {
    for (const contribution of contributions) this.#count(contribution, 1);
  }
  remove(contribution: Contribution): void {
    this.#count(contribution, -1);
  }
  value(): number | null {
    if (this.#expression !== null && !evaluate(this.#expression, this.#counts)) return null;
    return this.#counts.size;
  }
  /** How many of these rules occur. */
  countOf(names: readonly string[]): number {
    return names.filter((name) => this.#counts.has(name)).length;
  }
  #count({ rules }: Contribution, by: 1 | -1): void {
    for (const index of rules) {
      const name = this.#rules[index] ?? "";
      const count = (this.#counts.get(name) ?? 0) + by;
      if (count > 0) this.#counts.set(name, count);
      else this.#counts.delete(name);
    }
  }
}

/**
 * How many of the rules occur in the order listed (the longest such run, rules may be left out). An
 * earlier rule's event must be at or before the later one's: CloudTrail's times are whole seconds,
 * so equal times count as ordered.
 *
 * For each rule and run length it keeps the latest possible start of a run that ends with that
 * rule: such a run is in the window exactly when its start is, and no event needs to be looked at
 * twice.
 */
export class OrderedPresence implements Measure {
  readonly #presence: Presence;
  readonly #expression: RuleExpression | null;
  readonly #timespanMs: number;
  readonly #rules: readonly string[];
  /** The rules whose order counts: all, or those the extended condition wants. */
  readonly #ordered: readonly string[];
  /** [rule][length - 1] -> latest start. */
  readonly #starts: number[][];

  constructor(correlation: Correlation, expression: RuleExpression | null) {
    this.#presence = new Presence(correlation.rules, expression);
    this.#expression = expression;
    this.#timespanMs = correlation.timespanMs;
    this.#rules = correlation.rules;
    const wanted = expression === null ? null : namesIn(expression).wanted;
    this.#ordered = correlation.rules.filter((name) => wanted === null || wanted.includes(name));
    this.#starts = this.#ordered.map(() => this.#ordered.map(() => -Infinity));
  }
  add(contributions: readonly Contribution[]): void {
    this.#presence.add(contributions);
    const [first] = contributions;
    if (first === undefined) return;
    const seen = new Set(
      contributions.flatMap(({ rules }) => rules.map((index) => this.#rules[index])),
    );
    for (const [index, name] of this.#ordered.entries()) {
      if (seen.has(name)) this.#step(index, first.at);
    }
  }
  remove(contribution: Contribution): void {
    this.#presence.remove(contribution);
  }
  value(at: number): number | null {
    const longest = this.#longest(at - this.#timespanMs);
    if (this.#expression === null) return longest;
    const isOrdered = longest === this.#presence.countOf(this.#ordered);
    return isOrdered ? this.#presence.value() : null;
  }
  #step(index: number, at: number): void {
    const own = this.#starts[index] ?? [];
    own[0] = at;
    for (const before of this.#starts.slice(0, index)) {
      for (let length = 1; length < own.length; length += 1) {
        own[length] = Math.max(own[length] ?? -Infinity, before[length - 1] ?? -Infinity);
      }
    }
  }
  #longest(after: number): number {
    let longest = 0;
    for (const own of this.#starts) {
      for (const [i, start] of own.entries()) if (start > after) longest = Math.max(longest, i + 1);
    }
    return longest;
  }
}
