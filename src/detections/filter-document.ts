import { readSection } from "./detection-section.ts";
import type { RuleProblem } from "./detection.ts";
import type { SigmaDocument } from "./documents.ts";
import type { ItemContext } from "./item.ts";
import { logOf } from "./log-source.ts";
import type { Plan } from "./plan.ts";
import { readText } from "./rule-metadata.ts";
import { entryOf, type MapNode, type Position } from "./rule-node.ts";
import { didYouMean } from "../text/nearest.ts";

/** A filter, compiled: what further must hold where the rules it names match. */
export interface Filter {
  readonly title: string;
  readonly file: string;
  /** Names or ids; null means every rule. */
  readonly rules: readonly { readonly reference: string; readonly at: Position }[] | null;
  readonly plan: Plan;
}

/**
 * Reads a filter document; null when it has an error or is about other logs.
 *
 * The filter's condition is joined to the rule's by *and*, as Sigma's own tool does it: to leave
 * something out, the condition says `not selection`. The specification's one example says
 * `selection` and means the opposite; taken literally it would silence all but the accepted, so a
 * condition without any *not* is warned of.
 * https://sigmahq.io/docs/meta/filters.html
 */
export function readFilter(document: SigmaDocument, context: ItemContext): Filter | null {
  const { root, file } = document;
  const { problems } = context;
  const title = readText(root, "title", problems) ?? "";
  if (title === "") problems.error(root.at, "The title is missing.");
  const isOurs = logOf(root, problems) !== null;
  const section = entryOf(root, "filter")?.value;
  if (section?.kind !== "map") {
    problems.error(
      section?.at ?? root.at,
      "filter must be a map with rules, a selection and a condition.",
    );
    return null;
  }
  if (!isOurs) return null;
  const rules = readReferences(section, context);
  const plan = readSection(section, {
    ...context, otherKeys: ["rules"], filter: title,
    conditionHint: "Write condition: not selection beside the selection.",
  });
  if (problems.failed || plan === null) return null;
  if (!hasNot(plan)) {
    const at = entryOf(section, "condition")?.value.at ?? section.at;
    const meant = "Write not selection to leave out what it selects.";
    problems.warning(at, `The filter keeps only events that its condition holds for. ${meant}`);
  }
  return { title, file, rules, plan };
}

function readReferences(section: MapNode, { problems }: ItemContext): Filter["rules"] {
  const value = entryOf(section, "rules")?.value;
  if (value === undefined) {
    problems.error(section.at, "The filter's rules are missing: ids or names, or any.");
    return null;
  }
  if (value.kind === "scalar" && /^(any|all)$/i.test(value.text)) return null;
  const nodes = value.kind === "list" ? value.items : [value];
  const references = nodes.filter((node) => node.kind === "scalar" && node.value !== null);
  if (references.length === 0 || references.length < nodes.length) {
    problems.error(value.at, "The filter's rules must be ids or names, or any.");
  }
  return references.flatMap(
    (node) => (node.kind === "scalar" ? [{ reference: node.text, at: node.at }] : []),
  );
}

function hasNot(plan: Plan): boolean {
  switch (plan.op) {
    case "not":
      return true;
    case "item":
    case "selection":
      return false;
    case "and":
    case "or":
    case "least":
      return plan.of.some(hasNot);
  }
}

interface Named {
  readonly id: string;
  readonly name: string;
}

export function concerns({ rules }: Filter, { id, name }: Named): boolean {
  return (
    rules === null ||
    rules.some(({ reference }) => reference.toLowerCase() === id || reference === name)
  );
}

/** A filter that names a rule nobody loaded does nothing there: said, since it may be a slip. */
export function unknownReferences(filter: Filter, known: readonly Named[]): readonly RuleProblem[] {
  const names = known.flatMap(({ id, name }) => [id, name]);
  return (filter.rules ?? [])
    .filter((rule) => !known.some((one) => concerns({ ...filter, rules: [rule] }, one)))
    .map(({ reference, at }) => ({
      severity: "warning",
      file: filter.file,
      line: at.line,
      column: at.column,
      message: `No rule ${reference} is loaded for this filter.${didYouMean(reference, names)}`,
    }));
}
