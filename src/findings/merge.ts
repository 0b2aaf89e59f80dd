import { levels } from "../detections/detection.ts";
import type { FindingPart } from "./finding.ts";

/** Event ids kept per finding: enough to see the pattern, small enough for a page or a ticket. */
export const evidenceMax = 20;

/**
 * One finding's parts, merged: commutative and associative, so that the order in which groups are
 * judged does not show. Counts add, instants widen, evidence keeps the earliest; what the finding
 * says is taken from the part whose deciding event is worst, then earliest.
 *
 * @param parts at least one, all of the same fingerprint
 */
export function mergeParts(parts: readonly FindingPart[]): FindingPart {
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error("mergeParts was given no part.");
  return rest.reduce(mergeTwo, first);
}

/** Parts of several findings, merged finding by finding. */
export function mergeByFinding(parts: readonly FindingPart[]): readonly FindingPart[] {
  const merged = new Map<string, FindingPart>();
  for (const part of parts) {
    const known = merged.get(part.fingerprint);
    merged.set(part.fingerprint, known === undefined ? part : mergeTwo(known, part));
  }
  return [...merged.values()];
}

/** Two parts of the same finding. */
export function mergeTwo(a: FindingPart, b: FindingPart): FindingPart {
  const leading = decides(a, b) ? a : b;
  const isOver = a.overAt !== undefined && b.overAt !== undefined;
  return {
    ...leading,
    overAt: isOver ? Math.max(a.overAt, b.overAt) : undefined,
    firstEventAt: Math.min(a.firstEventAt, b.firstEventAt),
    lastEventAt: Math.max(a.lastEventAt, b.lastEventAt),
    eventCount: a.eventCount + b.eventCount,
    evidence: mergeEvidence(a.evidence, b.evidence),
  };
}

/** A part that one more event belongs to, where the event does not decide what the finding says. */
export function grown(
  part: FindingPart,
  event: { readonly id: string; readonly at: number },
): FindingPart {
  const last = part.evidence.at(-1);
  const isFull = part.evidence.length >= evidenceMax && last !== undefined && last.at < event.at;
  return {
    ...part,
    firstEventAt: Math.min(part.firstEventAt, event.at),
    lastEventAt: Math.max(part.lastEventAt, event.at),
    eventCount: part.eventCount + 1,
    evidence: isFull
      ? part.evidence
      : mergeEvidence(part.evidence, [{ eventId: event.id, at: event.at }]),
  };
}

/**
 * Whether `a`'s deciding event speaks for the finding: worse level, then earlier, then the smaller
 * event id.
 */
export function decides(a: Deciding, b: Deciding): boolean {
  const byLevel = levels.indexOf(a.level) - levels.indexOf(b.level);
  if (byLevel !== 0) return byLevel > 0;
  if (a.decidedAt !== b.decidedAt) return a.decidedAt < b.decidedAt;
  return a.decidedBy <= b.decidedBy;
}
export type Deciding = Pick<FindingPart, "level" | "decidedAt" | "decidedBy">;

type Evidence = FindingPart["evidence"];

/**
 * The earliest {@link evidenceMax} of both, in time order, equal times by event id; an event counts
 * once.
 */
export function mergeEvidence(a: Evidence, b: Evidence): Evidence {
  const merged = [...a, ...b].sort((x, y) => x.at - y.at || (x.eventId < y.eventId ? -1 : 1));
  const distinct = merged.filter((item, i) => item.eventId !== merged[i - 1]?.eventId);
  return distinct.slice(0, evidenceMax);
}
