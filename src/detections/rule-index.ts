import { readOperation } from "../events/operation.ts";
import type { Detection } from "./detection.ts";

/** The detections that may match a call; the rest cannot, whatever else the record holds. */
export type DetectionsFor = (source: string, name: string) => readonly Detection[];

/** Distinct calls remembered. CloudTrail knows some 10,000; names beyond that are made up. */
const rememberedMax = 20_000;

/**
 * Indexes detections by the `eventSource` and `eventName` they are bounded to. Their order is kept.
 *
 * Which apply to a call is found once per call and remembered, so that the usual event costs one
 * look-up.
 */
export function indexDetections(detections: readonly Detection[]): DetectionsFor {
  const byName = new Map<string, Detection[]>();
  const unbounded: Detection[] = [];
  for (const detection of detections) {
    if (detection.names === null) unbounded.push(detection);
    for (const name of detection.names ?? []) {
      byName.set(name, [...(byName.get(name) ?? []), detection]);
    }
  }
  const rank = new Map(detections.map((detection, i) => [detection, i]));
  const find = (source: string, name: string): readonly Detection[] =>
    [...(byName.get(name) ?? []), ...unbounded]
      .filter((detection) => detection.sources?.includes(source) ?? true)
      .sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  // Most calls have the same candidates: one list for all of them.
  const lists = new Map<string, readonly Detection[]>();
  const oneOf = (found: readonly Detection[]): readonly Detection[] => {
    const key = found.map((detection) => rank.get(detection)).join(" ");
    const list = lists.get(key) ?? found;
    if (lists.size < rememberedMax) lists.set(key, list);
    return list;
  };
  const remembered = new Map<string, Map<string, readonly Detection[]>>();
  let count = 0;
  return (source, name) => {
    const known = remembered.get(source)?.get(name);
    if (known !== undefined) return known;
    const call = { source, name, operation: readOperation(source, name).operation };
    const found = oneOf(find(source.toLowerCase(), name.toLowerCase())
      .filter((detection) => detection.mayMatch(call)));
    if (count < rememberedMax) {
      const ofSource = remembered.get(source) ?? new Map<string, readonly Detection[]>();
      remembered.set(source, ofSource.set(name, found));
      count += 1;
    }
    return found;
  };
}
