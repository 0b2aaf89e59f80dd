/** From when to when, and how often. Instants in ms UTC. */
export type Span = readonly [first: number, last: number, count: number];

/**
 * Values and their spans, in the order of the values, never more than a bound. Beyond the bound,
 * the values with the smallest hash are kept: which these are depends on the set of values alone,
 * so truncated parts merge, in any order, to what the whole would have been truncated to, and the
 * spans of kept values stay exact.
 */
export interface Spans {
  readonly entries: readonly (readonly [value: string, span: Span])[];
  /** Whether values were left out. */
  readonly overflow: boolean;
}

export const noSpans: Spans = { entries: [], overflow: false };

export function mergeSpans(a: Spans, b: Spans, max: number): Spans {
  if (b.entries.length === 0 && !b.overflow) return a;
  if (a.entries.length === 0 && !a.overflow) return b;
  return bounded(mergeSorted(a.entries, b.entries, mergeSpan), max, a.overflow || b.overflow);
}

export function mergeSpan(a: Span, b: Span): Span {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1]), a[2] + b[2]];
}

type Entry<T> = readonly [string, T];

/** Two sorted lists of entries as one; values in both are merged. */
export function mergeSorted<K extends string | number, T>(
  a: readonly (readonly [K, T])[],
  b: readonly (readonly [K, T])[],
  mergeValue: (a: T, b: T) => T,
): (readonly [K, T])[] {
  const merged: (readonly [K, T])[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) break;
    if (left[0] === right[0]) {
      merged.push([left[0], mergeValue(left[1], right[1])]);
      i++;
      j++;
    } else if (left[0] < right[0]) {
      merged.push(left);
      i++;
    } else {
      merged.push(right);
      j++;
    }
  }
  addFrom(merged, a, i);
  addFrom(merged, b, j);
  return merged;
}

function addFrom<T>(to: T[], list: readonly T[], from: number): void {
  for (let i = from; i < list.length; i += 1) {
    const item = list[i];
    if (item !== undefined) to.push(item);
  }
}

export interface Bounded<T> {
  readonly entries: readonly Entry<T>[];
  readonly overflow: boolean;
}

/** Keeps the `max` entries whose value has the smallest hash; `entries` are sorted, and stay so. */
export function bounded<T>(
  entries: readonly Entry<T>[],
  max: number,
  overflow = false,
): Bounded<T> {
  if (entries.length <= max) return { entries, overflow };
  const kept = entries
    .map((entry) => ({ entry, hash: hashOf(entry[0]) }))
    .sort((a, b) => a.hash - b.hash || (a.entry[0] < b.entry[0] ? -1 : 1))
    .slice(0, max)
    .map(({ entry }) => entry);
  return { entries: sorted(kept), overflow: true };
}

/** Up to here inserting takes a third of what `sort` does, and nearly all lists are. (Measured.) */
const shortMax = 24;

export function sorted<T>(entries: Iterable<Entry<T>>): Entry<T>[] {
  const list = [...entries];
  if (list.length > shortMax) return list.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  for (let from = 1; from < list.length; from += 1) {
    const entry = list[from];
    if (entry === undefined) continue;
    let to = from;
    for (; to > 0; to -= 1) {
      const before = list[to - 1];
      if (before === undefined || before[0] <= entry[0]) break;
      list[to] = before;
    }
    list[to] = entry;
  }
  return list;
}

/** The texts in their order, each once. */
export function distinct(texts: readonly string[]): readonly string[] {
  if (texts.length > shortMax) return [...new Set(texts)].sort();
  const short: string[] = [];
  for (const text of texts) {
    let to = short.length;
    while (to > 0 && (short[to - 1] ?? "") > text) to -= 1;
    if (short[to - 1] === text) continue;
    for (let i = short.length; i > to; i -= 1) short[i] = short[i - 1] ?? "";
    short[to] = text;
  }
  return short;
}

/** FNV-1a, 32 bit, over UTF-16 units, finished with murmur3's mixer so that short keys spread. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
