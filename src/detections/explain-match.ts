import type { Subject } from "./detection.ts";
import type { Item } from "./item.ts";
import type { LoadedDetection } from "./load-rules.ts";
import { compilePlan, itemsOf, selectionsOf, type Selection } from "./plan.ts";

/** Why a detection matched, or did not: every selection with what it wanted and what it saw. */
export interface MatchTrace {
  readonly detection: string;
  readonly matched: boolean;
  readonly selections: readonly SelectionTrace[];
}

export interface SelectionTrace {
  readonly name: string;
  /** The title of the filter it belongs to; null for the rule's own. */
  readonly filter: string | null;
  readonly matched: boolean;
  readonly items: readonly ItemTrace[];
}

export interface ItemTrace {
  /** As the rule writes it: `eventName|startswith`; empty for keywords. */
  readonly field: string;
  readonly matched: boolean;
  /** Bounded. */
  readonly expected: string;
  /** Bounded; `absent` where the record has no such field. */
  readonly seen: string;
}

/** Long lists of values are told by their first ones. */
const expectedMax = 10;
const expectedLengthMax = 400;

export function explainMatch(detection: LoadedDetection, subject: Subject): MatchTrace {
  return {
    detection: detection.name,
    matched: detection.matches(subject),
    selections: selectionsOf(detection.plan).map(
      (selection) => explainSelection(selection, subject),
    ),
  };
}

function explainSelection({ name, filter, body }: Selection, subject: Subject): SelectionTrace {
  return {
    name,
    filter,
    matched: compilePlan(body)(subject),
    items: itemsOf(body).map((item) => explainItem(item, subject)),
  };
}

function explainItem(item: Item, subject: Subject): ItemTrace {
  return {
    field: item.label,
    matched: item.matches(subject),
    expected: expectedOf(item.expected),
    seen: item.seen(subject),
  };
}

function expectedOf(expected: readonly string[]): string {
  const more = expected.length - expectedMax;
  const text = expected.slice(0, expectedMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return text.length > expectedLengthMax ? `${text.slice(0, expectedLengthMax)}…` : text;
}
