import type { Detection, Subject } from "../detections/detection.ts";
import type { DetectionsFor } from "../detections/rule-index.ts";
import type { TrailEvent } from "../events/event.ts";
import type { OfSession } from "../facts/fact.ts";
import type { SessionGroup } from "./judge.ts";
import type { RuleBook } from "./rule-book.ts";

type Detections = readonly Detection[];

/** The detections worth asking about the calls of one group: the others cannot match. */
export class Candidates {
  readonly #of: DetectionsFor;
  /** By credential, or by session for calls without one. */
  readonly #open = new Map<object, Map<Detections, Detections>>();

  /** Most groups have nothing unusual: rules that ask for it need not be asked. */
  constructor({ compared }: SessionGroup, rules: RuleBook) {
    const isAnyUnusual = [...compared.values()]
      .some(({ deviation }) => deviation.standing?.isUnusual === true);
    this.#of = isAnyUnusual ? rules.candidates : rules.usualCandidates;
  }

  /** By the call's names. */
  of({ source, name }: TrailEvent): Detections {
    return this.#of(source, name);
  }

  /**
   * Of these, those that session and credential leave open. What is the same for all calls made
   * with a credential is asked once.
   */
  open(
    detections: Detections,
    of: OfSession,
    subject: Subject,
  ): Detections {
    const { session, credential } = of;
    const key = credential ?? session ?? nobody;
    const known = this.#open.get(key) ?? new Map<Detections, Detections>();
    this.#open.set(key, known);
    const before = known.get(detections);
    if (before !== undefined) return before;
    const open = detections.filter(({ gates }) => {
      for (const { isSettled, holds } of gates) if (isSettled(of) && !holds(subject)) return false;
      return true;
    });
    known.set(detections, open);
    return open;
  }
}

const nobody = {};
