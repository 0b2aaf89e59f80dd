import type { FactCatalogue } from "../facts/fact.ts";
import { readSection } from "./detection-section.ts";
import type { Detection, RuleProblem } from "./detection.ts";
import { correlationDocument, readDocuments, type CorrelationDocument } from "./documents.ts";
import type { RuleFile, SigmaDocument } from "./documents.ts";
import { gatesOf, mayMatchOf } from "./gates.ts";
import { concerns, readFilter, unknownReferences, type Filter } from "./filter-document.ts";
import type { ItemContext } from "./item.ts";
import { logOf } from "./log-source.ts";
import { readOwnNamespace, refuseWide, type OwnNamespace } from "./own-namespace.ts";
import type { Placeholders } from "./placeholders.ts";
import { boundOf, compilePlan, itemsOf, type Plan } from "./plan.ts";
import { Problems } from "./problems.ts";
import { readMetadata, type RuleMetadata } from "./rule-metadata.ts";
import { entryOf, type MapNode } from "./rule-node.ts";
import { nearest } from "../text/nearest.ts";

/** A detection together with what it was compiled from: `explainMatch` walks it. */
export interface LoadedDetection extends Detection {
  readonly plan: Plan;
  readonly line: number;
}

export interface LoadOptions {
  readonly facts: FactCatalogue;
  readonly placeholders?: Placeholders;
}

export interface LoadedRules {
  readonly detections: readonly LoadedDetection[];
  readonly correlations: readonly CorrelationDocument[];
  /** Each filter, and the names of the rules it was laid on. */
  readonly filters: readonly AppliedFilter[];
  /** In the order of files, and of places within a file. */
  readonly problems: readonly RuleProblem[];
}

export interface AppliedFilter {
  readonly title: string;
  readonly file: string;
  readonly rules: readonly string[];
}

/**
 * Reads, checks and compiles rule files. A document with an error is not loaded; the others of its
 * file are.
 *
 * @param files their names appear in problems; the text is untrusted
 */
export function loadRules(files: readonly RuleFile[], options: LoadOptions): LoadedRules {
  const problems: RuleProblem[] = [];
  const documents = files.flatMap((file) => readDocuments(file, problems));
  const names = new Names();
  const rules: Rule[] = [];
  const filters: Filter[] = [];
  for (const document of documents) {
    if (document.kind === "correlation") continue;
    const found = new Problems(document.file);
    const { facts, placeholders = {} } = options;
    const context = { facts, placeholders, problems: found };
    if (document.kind === "filter") {
      const filter = readFilter(document, context);
      if (filter !== null) filters.push(filter);
    } else {
      const rule = readRule(document, context, names);
      if (rule !== null) rules.push(rule);
    }
    problems.push(...found.found);
  }
  problems.push(...filters.flatMap((filter) => unknownReferences(filter, rules)));
  return {
    detections: rules.map((rule) => finish(rule, filters)),
    correlations: documents.filter(({ kind }) => kind === "correlation").map(correlationDocument),
    filters: filters.map((filter) => ({
      title: filter.title,
      file: filter.file,
      rules: rules.filter((rule) => concerns(filter, rule)).map(({ name }) => name),
    })),
    problems: inOrder(problems, files),
  };
}

/** A rule before filters are laid on it. */
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly log: Detection["log"];
  readonly document: SigmaDocument;
  readonly metadata: RuleMetadata;
  readonly own: OwnNamespace;
  readonly plan: Plan;
}

function readRule(document: SigmaDocument, context: ItemContext, names: Names): Rule | null {
  const { root } = document;
  const { problems } = context;
  const metadata = readMetadata(document, problems);
  const log = logOf(root, problems);
  if (metadata.status === "unsupported") {
    const at = entryOf(root, "status")?.value.at ?? root.at;
    problems.warning(at, "The rule is marked unsupported: left out.");
  }
  // What it looks at in other logs is none of our business, and would only be warned of.
  if (log === null || metadata.status === "unsupported") return null;
  const own = readOwnNamespace(root, context);
  const section = entryOf(root, "detection")?.value;
  if (section?.kind !== "map") {
    tellNoDetection(root, problems);
    return null;
  }
  const conditionHint = entryOf(root, "condition") === undefined
    ? "Write condition: selection beside the selections."
    : "It stands outside the detection: indent it like the selections.";
  const plan = readSection(
    section,
    { ...context, otherKeys: ["timeframe"], conditionHint, filter: null },
  );
  warnOfTimeframe(document, problems);
  if (plan !== null) refuseWide(root, { own, items: itemsOf(plan) }, problems);
  if (plan === null || problems.failed) return null;
  const named = names.claim(document, metadata, problems);
  return named === null ? null : { ...named, log, document, metadata, own, plan };
}

function tellNoDetection(root: MapNode, problems: Problems): void {
  const detection = entryOf(root, "detection");
  const expected = "a map of selections and a condition";
  if (detection !== undefined && detection.value.kind === "list") {
    const message = `The detection is a list: expected ${expected}. Leave out the dashes.`;
    problems.error(detection.value.at, message);
    return;
  }
  const near = root.entries.find(({ key }) => nearest(key, ["detection"]) !== null);
  const at = near?.keyNode.at ?? root.at;
  const isOther = near !== undefined && near !== detection;
  const hint = isOther ? ` Did you mean detection by ${near.key}?` : "";
  problems.error(at, `The detection is missing: ${expected}.${hint}`);
}

/** `timeframe` served the obsolete aggregations. */
function warnOfTimeframe({ root }: SigmaDocument, problems: Problems): void {
  const section = entryOf(root, "detection")?.value;
  const timeframe = section?.kind === "map" ? entryOf(section, "timeframe") : undefined;
  if (timeframe !== undefined) {
    problems.warning(timeframe.keyNode.at, "timeframe has no effect in Sigma 2.");
  }
}

/**
 * Names and ids taken so far: findings are kept under the name, so each must be one rule's alone.
 */
class Names {
  readonly #takenBy = new Map<string, string>();

  claim(
    document: SigmaDocument,
    metadata: RuleMetadata,
    problems: Problems,
  ): { readonly id: string; readonly name: string } | null {
    const { file, root, inherited } = document;
    let { id, name } = metadata;
    // Documents that share a legacy global's id are one rule in several parts.
    if (id !== null && inherited.has("id")) id = this.#numbered(id);
    if (name !== null && inherited.has("name")) name = this.#numbered(name);
    if (id === null && name === null) {
      name = this.#numbered(file.replace(/^.*[\\/]/, "").replace(/\.ya?ml$/i, ""));
      problems.warning(root.at, `The rule has neither id nor name: ${name} is taken.`);
    }
    const named = { id: id ?? name ?? "", name: name ?? id ?? "" };
    for (const key of new Set([named.id, named.name])) {
      const other = this.#takenBy.get(key);
      if (other === undefined) continue;
      const kind = key === id ? "id" : "name";
      const at = entryOf(root, kind)?.value.at ?? root.at;
      const hint = `Give this one ${kind === "id" ? "an id" : "a name"} of its own.`;
      problems.error(at, `The ${kind} ${key} is taken by a rule in ${other}. ${hint}`);
      return null;
    }
    this.#takenBy.set(named.id, file).set(named.name, file);
    return named;
  }

  #numbered(key: string): string {
    if (!this.#takenBy.has(key)) return key;
    let number = 2;
    while (this.#takenBy.has(`${key}#${number}`)) number += 1;
    return `${key}#${number}`;
  }
}

function finish(rule: Rule, filters: readonly Filter[]): LoadedDetection {
  const { document, metadata, own, id, name, log } = rule;
  const laid = filters.filter((filter) => concerns(filter, rule)).map((filter) => filter.plan);
  const plan: Plan = laid.length === 0 ? rule.plan : { op: "and", of: [rule.plan, ...laid] };
  const reads = itemsOf(plan).flatMap((item) => item.reads);
  const read = (kind: "fact" | "field"): readonly string[] =>
    reads.filter((field) => field.kind === kind).map((field) => field.name);
  return {
    ...metadata,
    ...own,
    id,
    name,
    log,
    file: document.file,
    line: document.root.at.line,
    usedFacts: [...new Set([...read("fact"), ...Object.keys(own.levelWhen)])].sort(),
    usedFields: [...new Set(read("field"))].sort(),
    sources: listed(boundOf(plan, { kind: "field", name: "eventSource" })),
    names: listed(boundOf(plan, { kind: "field", name: "eventName" })),
    isBudgeted: isBudgeted(plan),
    // Correlations tell which rules they silence; a rule itself cannot.
    raises: true,
    gates: gatesOf(plan),
    mayMatch: mayMatchOf(plan),
    matches: compilePlan(plan),
    plan,
  };
}

/** Whether it cannot match where a session is not unusual. */
function isBudgeted(plan: Plan): boolean {
  const bound = boundOf(plan, { kind: "fact", name: "baseline.session.unusual" });
  return bound !== null && !bound.has("false");
}

function listed(bound: ReadonlySet<string> | null): readonly string[] | null {
  return bound === null ? null : [...bound].sort();
}

function inOrder(
  problems: readonly RuleProblem[],
  files: readonly RuleFile[],
): readonly RuleProblem[] {
  const order = new Map(files.map(({ name }, i) => [name, i]));
  const rank = (problem: RuleProblem): number => order.get(problem.file) ?? 0;
  const place = ({ line, column }: RuleProblem): number => (line ?? 0) * 1e6 + (column ?? 0);
  return [...problems].sort((a, b) => rank(a) - rank(b) || place(a) - place(b));
}
