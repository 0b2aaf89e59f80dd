/**
 * A seeded stream of pseudo-random values: the same seed and labels give the same values for ever.
 *
 * sfc32 (Chris Doty-Humphrey's Small Fast Counting generator), seeded by a hash of the labels; good
 * enough to look natural, worth nothing as cryptography.
 * https://pracrand.sourceforge.net/RNG_engines.txt
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    this.#a = fnv1a(seed, 0x811c9dc5);
    this.#b = fnv1a(seed, this.#a ^ 0x9e3779b9);
    this.#c = fnv1a(seed, this.#b ^ 0x85ebca6b);
    // sfc32 needs a dozen rounds before similar seeds stop looking alike.
    for (let round = 0; round < 12; round++) this.bits();
  }

  /** 32 random bits. */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 1). */
  ratio(): number {
    return this.bits() / 0x1_0000_0000;
  }

  chance(probability: number): boolean {
    return this.ratio() < probability;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.ratio() * (high - low + 1));
  }

  /** Waiting times of a Poisson process. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.ratio());
  }

  /** Right-skewed, as latencies are: `median` times e to the (spread times a normal value). */
  logNormal(median: number, spread: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.ratio()));
    const normal = radius * Math.cos(2 * Math.PI * this.ratio());
    return median * Math.exp(spread * normal);
  }

  /** A whole number around `mean` whose mean over many draws is `mean`, for any `mean` >= 0. */
  around(mean: number): number {
    const drawn = mean * (0.7 + 0.6 * this.ratio());
    return Math.floor(drawn) + (this.chance(drawn % 1) ? 1 : 0);
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.ratio() * items.length)];
    if (item === undefined) throw new Error("Random.pick was given an empty list.");
    return item;
  }

  /** In place, Fisher-Yates. */
  shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.between(0, last);
      const kept = items[last] as T;
      items[last] = items[other] as T;
      items[other] = kept;
    }
    return items;
  }

  hex(length: number): string {
    let text = "";
    while (text.length < length) text += hex8(this.bits());
    return text.slice(0, length);
  }

  /** A version 4 UUID. */
  uuid(): string {
    const [a, b, c, d] = [this.bits(), this.bits(), this.bits(), this.bits()];
    const version = hex8(((b & 0xffff0fff) | 0x4000) >>> 0);
    const variant = hex8(((c & 0x3fffffff) | 0x80000000) >>> 0);
    return (
      `${hex8(a)}-${version.slice(0, 4)}-${version.slice(4)}-` +
      `${variant.slice(0, 4)}-${variant.slice(4)}${hex8(d)}`
    );
  }

  /** `length` characters of `alphabet`, which has 32 or 64 of them. */
  text(length: number, alphabet: string): string {
    const width = alphabet.length === 64 ? 6 : 5;
    const mask = alphabet.length - 1;
    let text = "";
    while (text.length < length) {
      let bits = this.bits();
      for (let used = 0; used + width <= 30; used += width) {
        text += alphabet.charAt(bits & mask);
        bits >>>= width;
      }
    }
    return text.slice(0, length);
  }
}

/** What access key ids and unique ids are made of. */
export const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
export const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** 64 letters and digits (two of them twice), for file suffixes. */
export const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789Zz";

/** The stream of one actor, day or file: streams of different labels share nothing. */
export function stream(...labels: readonly (string | number)[]): Random {
  return new Random(labels.join("\u001f"));
}

/** An item by weight, prepared once so that a draw is a binary search. */
export class Weighted<T> {
  readonly #items: readonly T[];
  readonly #sums: readonly number[];

  constructor(weights: readonly (readonly [T, number])[]) {
    let sum = 0;
    this.#items = weights.map(([item]) => item);
    this.#sums = weights.map(([, weight]) => (sum += weight));
  }

  /** What it was made of. */
  get weights(): readonly (readonly [T, number])[] {
    return this.#items.map((item, i) => [item, (this.#sums[i] ?? 0) - (this.#sums[i - 1] ?? 0)]);
  }

  draw(random: Random): T {
    const total = this.#sums.at(-1) ?? 0;
    const drawn = random.ratio() * total;
    let low = 0;
    for (let high = this.#sums.length - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (drawn < (this.#sums[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    const item = this.#items[low];
    if (item === undefined) throw new Error("Weighted.draw was given no items.");
    return item;
  }
}

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex8(bits: number): string {
  const high = `${bytes[bits >>> 24] ?? ""}${bytes[(bits >>> 16) & 255] ?? ""}`;
  return `${high}${bytes[(bits >>> 8) & 255] ?? ""}${bytes[bits & 255] ?? ""}`;
}

/** http://www.isthe.com/chongo/tech/comp/fnv/, with a final mix so that the last letters count. */
function fnv1a(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
