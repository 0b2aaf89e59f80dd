import type { Item } from "./item.ts";
import type { SubjectTest } from "./value-test.ts";

/** What a rule asks, as a tree: its condition with the selections in place of their names. */
export type Plan =
  | { readonly op: "item"; readonly item: Item }
  | { readonly op: "selection"; readonly selection: Selection }
  | { readonly op: "not"; readonly of: Plan }
  | { readonly op: "and" | "or"; readonly of: readonly Plan[] }
  | { readonly op: "least"; readonly count: number; readonly of: readonly Plan[] };

export interface Selection {
  readonly name: string;
  /** The filter's title, where a filter brought it. */
  readonly filter: string | null;
  readonly body: Plan;
}

export function compilePlan(plan: Plan): SubjectTest {
  switch (plan.op) {
    case "item":
      return plan.item.matches;
    case "selection":
      return compilePlan(plan.selection.body);
    case "not": {
      const test = compilePlan(plan.of);
      return (subject) => !test(subject);
    }
    case "and":
      return every(plan.of.map(compilePlan));
    case "or":
      return some(plan.of.map(compilePlan));
    case "least":
      return least(plan.count, plan.of.map(compilePlan));
  }
}

function every(tests: readonly SubjectTest[]): SubjectTest {
  const [first, second] = tests;
  if (first === undefined || second === undefined) return first ?? (() => true);
  if (tests.length === 2) return (subject) => first(subject) && second(subject);
  return (subject) => {
    for (const test of tests) if (!test(subject)) return false;
    return true;
  };
}

function some(tests: readonly SubjectTest[]): SubjectTest {
  const [first, second] = tests;
  if (first === undefined || second === undefined) return first ?? (() => false);
  if (tests.length === 2) return (subject) => first(subject) || second(subject);
  return (subject) => {
    for (const test of tests) if (test(subject)) return true;
    return false;
  };
}

function least(count: number, tests: readonly SubjectTest[]): SubjectTest {
  return (subject) => {
    let held = 0;
    for (const test of tests) {
      if (test(subject)) held += 1;
      if (held === count) return true;
    }
    return false;
  };
}

/** The plan's selections, each once, in order. */
export function selectionsOf(plan: Plan): readonly Selection[] {
  switch (plan.op) {
    case "item":
      return [];
    case "selection":
      return [plan.selection];
    case "not":
      return selectionsOf(plan.of);
    case "and":
    case "or":
    case "least":
      return [...new Set(plan.of.flatMap(selectionsOf))];
  }
}

/** Every item of the plan, filters' included. */
export function itemsOf(plan: Plan): readonly Item[] {
  switch (plan.op) {
    case "item":
      return [plan.item];
    case "selection":
      return itemsOf(plan.selection.body);
    case "not":
      return itemsOf(plan.of);
    case "and":
    case "or":
    case "least":
      return plan.of.flatMap(itemsOf);
  }
}

type Named = Pick<Item["field"], "kind" | "name">;

/**
 * The values of one record field, or fact, outside which the plan cannot match, lower-case; null
 * when it can match others. Never too few: a rule left out of the index by mistake would be silent.
 */
export function boundOf(plan: Plan, field: Named): ReadonlySet<string> | null {
  switch (plan.op) {
    case "item": {
      const { item } = plan;
      const isTheField = item.field.kind === field.kind && item.field.name === field.name;
      return isTheField && item.exact !== null ? new Set(item.exact) : null;
    }
    case "selection":
      return boundOf(plan.selection.body, field);
    case "not":
      return null;
    case "and":
      return narrowest(plan.of, field);
    case "or":
      return widest(plan.of, field);
    case "least":
      // At least one of them holds, whatever the count.
      return widest(plan.of, field);
  }
}

function narrowest(plans: readonly Plan[], field: Named): ReadonlySet<string> | null {
  const [first, ...rest] = plans.map((plan) => boundOf(plan, field)).filter(
    (bound) => bound !== null,
  );
  if (first === undefined) return null;
  return new Set([...first].filter((value) => rest.every((bound) => bound.has(value))));
}

function widest(plans: readonly Plan[], field: Named): ReadonlySet<string> | null {
  const bounds = plans.map((plan) => boundOf(plan, field));
  const known = bounds.filter((bound) => bound !== null);
  return known.length === bounds.length ? new Set(known.flatMap((bound) => [...bound])) : null;
}
