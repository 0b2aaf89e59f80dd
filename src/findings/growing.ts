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
    isBudgeted: detection.isBudgeted,
    facts: factsOf(detection, rules),
  }));
  return facts.filter(isGrowing).flatMap(({ name, grows }) => {
    const users = leaning.filter((rule) => rule.facts.has(name));
    if (grows.with !== "comparison") return leanOn({ name, grows }, users);
    const { view } = grows;
    const [budgeted, others] = [true, false]
      .map((isBudgeted) => users.filter((user) => user.isBudgeted === isBudgeted));
    return [
      ...leanOn({ name, grows }, others ?? []),
      // While a session is not unusual, nothing that grows shows in them.
      ...leanOn({
        name,
        grows: {
          with: "comparison",
          view: (compared) =>
            compared.deviation.standing?.isUnusual === true ? view(compared) : null,
        },
      }, budgeted ?? []),
    ];
  });
}

function leanOn(
  fact: Pick<GrowingFact, "name" | "grows">,
  users: readonly { readonly name: string }[],
): readonly GrowingFact[] {
  return users.length === 0 ? [] : [{ ...fact, rules: new Set(users.map(({ name }) => name)) }];
}

function isGrowing(fact: Fact): fact is Fact & { readonly grows: Growth } {
  return fact.grows !== undefined;
}

/** What decides whether it matches, what its findings say, and what its hits carry. */
function factsOf(detection: Detection, { hitFields }: RuleBook): ReadonlySet<string> {
  const told = detection.because === null ? [] : templateOf(detection.because).names;
  return new Set([...detection.usedFacts, ...told, ...(hitFields.get(detection.name) ?? [])]);
}
