import type { Fact, FactCatalogue, FactType } from "../facts/fact.ts";
import { whyNeverSent } from "./cloudtrail-fields.ts";
import type { Subject } from "./detection.ts";
import { someLeaf, someText, textOf, type Leaf, type LeafTest } from "./field-value.ts";
import type { Problems } from "./problems.ts";
import { compilePath } from "./record-path.ts";
import type { Position } from "./rule-node.ts";
import { didYouMean } from "../text/nearest.ts";

/** Something a rule can look at in a subject. */
export interface Field {
  readonly name: string;
  readonly kind: "fact" | "field" | "keywords";
  /** Facts only. */
  readonly type: FactType | null;
  /** Null for what is no fact; see there. */
  readonly fact: Pick<Fact, "isOfSession" | "ofCalls"> | null;
  /** Whether any value of the field passes. */
  readonly some: (subject: Subject, test: LeafTest) => boolean;
  readonly isPresent: (subject: Subject) => boolean;
}

/** What keywords are looked for in: every value of the record. */
export const everywhere: Field = {
  name: "",
  kind: "keywords",
  type: null,
  fact: null,
  some: (subject, test) => someText(subject.record, test),
  isPresent: () => true,
};

/**
 * The field or fact of this name. A name under one of our namespaces is a fact or an error; every
 * other name is a path into the record, and a warning when CloudTrail never sends it.
 */
export function resolveField(name: string, facts: FactCatalogue, found: FieldPlace): Field | null {
  const { problems, at } = found;
  const [first = ""] = name.split(".", 1);
  if (facts.namespaces.has(first)) {
    const fact = facts.names.get(name);
    if (fact !== undefined) return factField(fact);
    problems.error(at, `There is no fact ${name}.${didYouMean(name, facts.names.keys())}`);
    return null;
  }
  const whyNot = whyNeverSent(name);
  if (whyNot !== null) problems.warning(at, `${whyNot} ${name} is always absent.`);
  const some = compilePath(name, someLeaf);
  // Presence alone counts: null and an empty list are there.
  const any = compilePath(name, () => true);
  return {
    name,
    kind: "field",
    type: null,
    fact: null,
    some: (subject, test) => some(subject.record, test, 0),
    isPresent: (subject) => any(subject.record, () => true, 0),
  };
}

export interface FieldPlace {
  readonly problems: Problems;
  readonly at: Position;
}

type CataloguedFact = FactCatalogue["names"] extends ReadonlyMap<string, infer F> ? F : never;

/** By the catalogue's own text of its name: the same one is found without reading it. */
function factField(fact: CataloguedFact): Field {
  const { name } = fact;
  return {
    name,
    kind: "fact",
    type: fact.type,
    fact,
    some: (subject, test) => someLeaf(subject.fact(name), test),
    isPresent: (subject) => subject.fact(name) !== null,
  };
}

/**
 * The field's values for a person to read, shortened; `absent`, or `null` for one that holds
 * nothing.
 */
export function seenIn(field: Field, subject: Subject): string {
  if (field.kind === "keywords") return "the whole record";
  const values: string[] = [];
  field.some(subject, (leaf) => {
    values.push(shortened(leaf));
    return values.length > seenValuesMax;
  });
  if (values.length === 0) return field.isPresent(subject) ? "null" : "absent";
  const more = values.length > seenValuesMax;
  return values.slice(0, seenValuesMax).join(", ") + (more ? ", …" : "");
}

/** An explanation is read on a screen: a few values, each on a line. */
const seenValuesMax = 5;
const seenLengthMax = 200;

function shortened(leaf: Leaf): string {
  const text = textOf(leaf);
  const shown = text.length > seenLengthMax ? `${text.slice(0, seenLengthMax)}…` : text;
  return typeof leaf === "string" ? JSON.stringify(shown) : shown;
}
