/** What stands for values beyond the bound, and for none at all. */
export const other = "other";
export const none = "none";

/** IAM's longest role name has 64 characters, a region's and an account's far fewer. */
const lengthMax = 128;

/**
 * Values of a metric label that come from outside: the first ones keep their name, so that a series
 * never changes its meaning; those beyond the bound share `other`, and are counted.
 */
export class BoundedLabel {
  readonly #known: Set<string>;
  readonly #max: number;
  readonly #onOverflow: () => void;

  /** @param known named whatever comes first; they count towards the bound */
  constructor(max: number, known: Iterable<string>, onOverflow: () => void) {
    this.#max = max;
    this.#known = new Set(known);
    this.#onOverflow = onOverflow;
  }

  /** The value as a label may show it. */
  of(value: string | null): string {
    return value === null ? none : this.has(value) ? value : other;
  }

  /** Whether it may be shown by its name; for labels that are bounded together. */
  has(value: string): boolean {
    if (this.#known.has(value)) return true;
    if (this.#known.size < this.#max && value.length <= lengthMax) {
      this.#known.add(value);
      return true;
    }
    this.#onOverflow();
    return false;
  }
}
