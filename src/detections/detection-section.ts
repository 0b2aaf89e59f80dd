import { parseCondition, type Expression } from "./condition-syntax.ts";
import { readItem, readKeywords, type ItemContext } from "./item.ts";
import type { Plan, Selection } from "./plan.ts";
import {
  entryOf,
  placeIn,
  type MapEntry,
  type MapNode,
  type RuleNode,
  type ScalarNode,
} from "./rule-node.ts";
import { didYouMean } from "../text/nearest.ts";

/** What a `detection` or `filter` section is read with. */
export interface SectionContext extends ItemContext {
  /** Keys of the section that are no selections. */
  readonly otherKeys: readonly string[];
  /** What to do where there is none. */
  readonly conditionHint: string;
  /** The filter's title; null for a rule's own section. */
  readonly filter: string | null;
}

/** The plan of a `detection` or `filter` section; null when it has an error, which is then told. */
export function readSection(section: MapNode, context: SectionContext): Plan | null {
  const { problems } = context;
  const condition = entryOf(section, "condition");
  const entries = section.entries.filter(
    ({ key }) => key !== "condition" && !context.otherKeys.includes(key),
  );
  const selections = new Map<string, Selection>();
  for (const entry of entries) {
    const body = readSelection(entry, context);
    // A selection with an error stays known by name, so that the condition is not blamed for it.
    const nothing: Plan = { op: "or", of: [] };
    const { key: name } = entry;
    selections.set(name, { name, filter: context.filter, body: body ?? nothing });
  }
  if (entries.length === 0) {
    problems.error(section.at, "There is no selection beside the condition.");
  }
  if (condition === undefined) {
    problems.error(section.at, `The condition is missing. ${context.conditionHint}`);
    return null;
  }
  const used = new Set<string>();
  const plans = conditionsOf(condition.value, context).map(
    (node) => readCondition(node, { selections, used, context }),
  );
  for (const { key, keyNode } of entries) {
    if (!used.has(key) && plans.length > 0 && !plans.includes(null)) {
      problems.warning(keyNode.at, `The condition never uses the selection ${key}.`);
    }
  }
  const [first] = plans;
  if (problems.failed || first === undefined || first === null) return null;
  return plans.length === 1 ? first : { op: "or", of: plans.filter((plan) => plan !== null) };
}

/** A condition, or a list of them, any of which may hold. */
function conditionsOf(node: RuleNode, { problems }: SectionContext): readonly ScalarNode[] {
  const nodes = node.kind === "list" ? node.items : [node];
  const texts = nodes.filter(
    (item): item is ScalarNode => item.kind === "scalar" && item.value !== null,
  );
  if (texts.length === 0 || texts.length < nodes.length) {
    problems.error(
      node.at,
      "The condition must be text such as selection and not filter, or a list of such texts.",
    );
  }
  return texts;
}

function readSelection({ value, keyNode, key }: MapEntry, context: SectionContext): Plan | null {
  if (value.kind === "map") return readMap(value, context);
  if (value.kind === "scalar") {
    if (value.value !== null) return asPlan(readKeywords([value], context));
    context.problems.error(keyNode.at, `The selection ${key} is empty. ${emptyHint}`);
    return null;
  }
  if (value.items.length === 0) {
    context.problems.error(value.at, `The selection ${key} is empty.`);
    return null;
  }
  const keywords = value.items.filter((item) => item.kind === "scalar");
  const others = value.items.filter((item) => item.kind !== "scalar");
  const plans = others.map((item) => readAlternative(item, context));
  if (keywords.length > 0) plans.unshift(asPlan(readKeywords(keywords, context)));
  return joined("or", plans);
}

const emptyHint = "Indent its fields deeper than its name.";

function readAlternative(node: RuleNode, context: SectionContext): Plan | null {
  if (node.kind === "map") return readMap(node, context);
  context.problems.error(node.at, "A selection's list holds maps or keywords, no lists.");
  return null;
}

function readMap(node: MapNode, context: SectionContext): Plan | null {
  if (node.entries.length === 0) {
    context.problems.error(node.at, "The selection is empty: it would match everything.");
    return null;
  }
  return joined("and", node.entries.map((entry) => asPlan(readItem(entry, context))));
}

function asPlan(item: ReturnType<typeof readItem>): Plan | null {
  return item === null ? null : { op: "item", item };
}

function joined(op: "and" | "or", plans: readonly (Plan | null)[]): Plan | null {
  const of = plans.filter((plan) => plan !== null);
  const [first] = of;
  if (of.length < plans.length || first === undefined) return null;
  return of.length === 1 ? first : { op, of };
}

interface Naming {
  readonly selections: ReadonlyMap<string, Selection>;
  readonly used: Set<string>;
  readonly context: SectionContext;
}

function readCondition(node: ScalarNode, naming: Naming): Plan | null {
  const expression = parseCondition(node.text);
  if ("error" in expression) {
    naming.context.problems.error(placeIn(node, expression.offset), expression.error);
    return null;
  }
  return resolve(expression, { ...naming, node });
}

type Resolving = Naming & { readonly node: ScalarNode };
type Meant<Op extends Expression["op"]> = Extract<Expression, { op: Op }>;

function resolve(expression: Expression, naming: Resolving): Plan | null {
  switch (expression.op) {
    case "name":
      return resolveName(expression, naming);
    case "not": {
      const of = resolve(expression.of, naming);
      return of === null ? null : { op: "not", of };
    }
    case "and":
    case "or":
      return joined(expression.op, expression.of.map((part) => resolve(part, naming)));
    case "of":
      return resolveQuantity(expression, naming);
  }
}

function resolveName({ name, offset }: Meant<"name">, naming: Resolving): Plan | null {
  const selection = naming.selections.get(name);
  if (selection !== undefined) {
    naming.used.add(name);
    return { op: "selection", selection };
  }
  const hint = didYouMean(name, naming.selections.keys());
  naming.context.problems.error(
    placeIn(naming.node, offset),
    `There is no selection ${name}.${hint}`,
  );
  return null;
}

function resolveQuantity(wanted: Meant<"of">, naming: Resolving): Plan | null {
  const { pattern, least } = wanted;
  const targets = [...naming.selections.values()].filter(({ name }) =>
    pattern === null ? !name.startsWith("_") : matchesName(pattern, name),
  );
  const shown = pattern ?? "them";
  const fail = (error: string): null => {
    naming.context.problems.error(placeIn(naming.node, wanted.offset), error);
    return null;
  };
  if (targets.length === 0) {
    return fail(`No selection is meant by ${shown}.${didYouMean(shown, naming.selections.keys())}`);
  }
  if (least !== "all" && least > targets.length) {
    return fail(`${shown} means ${targets.length} of the selections: ${least} can never hold.`);
  }
  for (const { name } of targets) naming.used.add(name);
  const of = targets.map((selection): Plan => ({ op: "selection", selection }));
  if (least === "all") return joined("and", of);
  return least === 1 ? joined("or", of) : { op: "least", count: least, of };
}

/** `*` stands for any characters; names are compared as they are written. */
function matchesName(pattern: string, name: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  const tail = rest.pop() ?? "";
  if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail)) {
    return false;
  }
  let from = head.length;
  for (const run of rest) {
    const found = name.indexOf(run, from);
    if (found < 0) return false;
    from = found + run.length;
  }
  return from <= name.length - tail.length;
}
