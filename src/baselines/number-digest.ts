/**
 * 64 bits that tell one list of numbers from another. Not for numbers that somebody chooses so that
 * they collide.
 */
export class NumberDigest {
  #a = 0x811c9dc5;
  #b = 0x2545f491;

  add(value: number): void {
    bytes.setFloat64(0, value);
    this.#mix(bytes.getInt32(0));
    this.#mix(bytes.getInt32(4));
  }

  /** Two hashes in one pass, each step a bijection of its own: FNV's, and murmur3's mixer's. */
  #mix(word: number): void {
    const a = Math.imul(this.#a ^ word, 0x01000193);
    this.#a = a ^ (a >>> 15);
    const b = Math.imul(this.#b ^ word, 0x85ebca6b);
    this.#b = (b ^ (b >>> 13)) + 1 | 0;
  }

  get text(): string {
    return `${(this.#a >>> 0).toString(36)}.${(this.#b >>> 0).toString(36)}`;
  }
}

const bytes = new DataView(new ArrayBuffer(8));
