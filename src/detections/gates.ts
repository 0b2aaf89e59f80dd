import type { Call, OfSession } from "../facts/fact.ts";
import type { Subject } from "./detection.ts";
import type { Field } from "./field.ts";
import { compilePlan, itemsOf, type Plan } from "./plan.ts";
import type { SubjectTest } from "./value-test.ts";

/** What must hold for a rule to match, and need not be asked of each call. */
export interface Gate {
  /** Whether it is the same for all calls made with this credential of a session. */
  readonly isSettled: (of: OfSession) => boolean;
  readonly holds: (subject: Subject) => boolean;
}

/** What session, credential and config decide. */
export function gatesOf(plan: Plan): readonly Gate[] {
  return partsOf(plan, ({ fact }) => fact?.isOfSession ?? null).map(({ known, holds }) => {
    const conditions = known.filter((each) => each !== true);
    return { isSettled: (of) => conditions.every((isOfSession) => isOfSession(of)), holds };
  });
}

/** Whether the rule may match a call of this name, by the facts that only some calls have. */
export function mayMatchOf(plan: Plan): (call: Call) => boolean {
  const needed = partsOf(plan, ({ name, fact }) =>
    fact?.ofCalls === undefined ? null : { name, ...fact.ofCalls },
  ).filter(({ known, holds }) => !holds({
    record: {},
    fact: (name) => known.find((each) => each.name === name)?.otherwise ?? null,
  }));
  return (call) => needed.every(({ known }) => known.some(({ are }) => are(call)));
}

/**
 * The parts of the plan without which it cannot match, as far as they lean on nothing but fields of
 * which something is known.
 */
function partsOf<T>(
  plan: Plan,
  knownOf: (field: Field) => T | null,
): readonly { readonly known: readonly T[]; readonly holds: SubjectTest }[] {
  const items = itemsOf(plan);
  const fields = items.flatMap(({ field, reads }) => [field, ...reads]);
  const known = fields.map(knownOf).filter((each) => each !== null);
  if (items.length > 0 && known.length === fields.length) {
    return [{ known, holds: compilePlan(plan) }];
  }
  if (plan.op === "selection") return partsOf(plan.selection.body, knownOf);
  return plan.op === "and" ? plan.of.flatMap((part) => partsOf(part, knownOf)) : [];
}
