import type { Detection } from "../detections/detection.ts";
import { facts } from "../facts/catalogue.ts";
import type { Fact, Growth } from "../facts/fact.ts";
import { templateOf } from "./part.ts";
import type { RuleBook } from "./rule-book.ts";

/** A fact that may change for earlier events, and the rules whose findings or hits show it. */
export interface GrowingFact {
  readonly name: string;
  readonly grows: Growth;
  readonly rules: ReadonlySet<string>;
}

/** The growing facts that any rule of the book leans on. */
export function growingFacts(rules: RuleBook): readonly GrowingFact[] {
  const leaning = rules.detections.map((detection) => ({
    name: detection.name,
    facts: factsOf(detection, rules),
  }));
  return facts.filter(isGrowing).flatMap(({ name, grows }) => {
    const users = leaning.filter((rule) => rule.facts.has(name));
    if (users.length === 0) return [];
    return [{ name, grows, rules: new Set(users.map((rule) => rule.name)) }];
  });
}

function isGrowing(fact: Fact): fact is Fact & { readonly grows: Growth } {
  return fact.grows !== undefined;
}

/** What decides whether it matches, what its findings say, and what its hits carry. */
function factsOf(detection: Detection, { hitFields }: RuleBook): ReadonlySet<string> {
  const told = detection.because === null ? [] : templateOf(detection.because).names;
  return new Set([...detection.usedFacts, ...told, ...(hitFields.get(detection.name) ?? [])]);
}
