import { bounded, sorted, type Span, type Spans } from "./spans.ts";

/** A span that goes on. */
export type OpenSpan = [first: number, last: number, count: number];

export function extend(span: OpenSpan, at: number): void {
  if (at < span[0]) span[0] = at;
  if (at > span[1]) span[1] = at;
  span[2]++;
}

/** Spans while they are being counted: mutable, for one stretch of one delivery. */
export class Tally {
  readonly #max: number;
  #spans = new Map<string, OpenSpan>();
  /** What was noted last: calls come in runs of alike ones. */
  #value: string | null = null;
  #span: OpenSpan = [0, 0, 0];
  #overflow = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** @returns the value's span, which whoever notes it again may extend instead */
  note(value: string, at: number): OpenSpan {
    const span = value === this.#value ? this.#span : this.#spans.get(value);
    if (span === undefined) {
      const made: OpenSpan = [at, at, 1];
      this.#spans.set(value, made);
      if (this.#spans.size > this.#max * pruneFactor) this.#prune();
      return made;
    }
    this.#value = value;
    this.#span = span;
    extend(span, at);
    return span;
  }

  toSpans(): Spans {
    const entries = sorted<Span>(this.#spans);
    return bounded(entries, this.#max, this.#overflow);
  }

  /**
   * What falls out here would fall out in the end: at least `max` values with smaller hashes stay.
   */
  #prune(): void {
    const kept = bounded(sorted(this.#spans), this.#max).entries;
    this.#spans = new Map(kept.map(([value, span]) => [value, span]));
    this.#overflow = true;
    this.#value = null;
  }
}

/** Rarely enough to cost nothing, often enough that hostile values cannot fill the memory. */
const pruneFactor = 8;
