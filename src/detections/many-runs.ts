import type { Place, TextTest } from "./pattern.ts";

/** Fewer are quicker looked for one by one. */
export const manyRuns = 32;

/** Characters that lists of runs are told apart by: enough to be rare, few enough to be short. */
const gramMax = 6;

/**
 * Whether any of many literal runs stands at its place in a text: lists of bad user agents or
 * domains hold thousands. The work grows with the text, hardly with the list.
 *
 * @param runs none of them empty; case folded like the texts
 */
export function someRun(runs: readonly string[], place: Place): TextTest {
  const byLength = groupedByLength(runs);
  switch (place) {
    case "startswith":
      return (text) => standsAt(byLength, text, 0);
    case "endswith":
      return (text) => {
        for (const [length, group] of byLength) {
          if (text.length >= length && group.has(text.slice(-length))) return true;
        }
        return false;
      };
    case "contains":
      return someWithin(runs, Math.min(gramMax, ...byLength.keys()));
  }
}

type ByLength = ReadonlyMap<number, ReadonlySet<string>>;

function groupedByLength(runs: readonly string[]): ByLength {
  const groups = new Map<number, Set<string>>();
  for (const run of runs) {
    const group = groups.get(run.length);
    if (group === undefined) groups.set(run.length, new Set([run]));
    else group.add(run);
  }
  return groups;
}

function standsAt(runs: ByLength, text: string, at: number): boolean {
  for (const [length, group] of runs) {
    if (at + length <= text.length && group.has(text.slice(at, at + length))) return true;
  }
  return false;
}

/**
 * At each place of the text, only the runs that begin as it does are compared; the first two
 * characters alone rule out nearly every place, without cutting a string.
 */
function someWithin(runs: readonly string[], gram: number): TextTest {
  const pairs = new Uint8Array(pairsMax);
  for (const run of runs) pairs[pairAt(run, 0, gram)] = 1;
  const beginnings = new Map<string, string[]>();
  for (const run of runs) {
    const beginning = run.slice(0, gram);
    const group = beginnings.get(beginning);
    if (group === undefined) beginnings.set(beginning, [run]);
    else group.push(run);
  }
  const byBeginning = new Map(
    [...beginnings].map(([beginning, group]) => [beginning, groupedByLength(group)]),
  );
  return (text) => {
    for (let at = 0; at + gram <= text.length; at += 1) {
      if (pairs[pairAt(text, at, gram)] === 0) continue;
      const group = byBeginning.get(text.slice(at, at + gram));
      if (group !== undefined && standsAt(group, text, at)) return true;
    }
    return false;
  };
}

const pairsMax = 1 << 16;

/** A number for the two characters at `at`, or for one where runs are so short; some share it. */
function pairAt(text: string, at: number, gram: number): number {
  const second = gram > 1 ? text.charCodeAt(at + 1) : 0;
  return (text.charCodeAt(at) * 251 + second) % pairsMax;
}
