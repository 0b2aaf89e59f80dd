import { CurrentValue } from "./current-value.ts";
import { damage } from "./damage.ts";
import { HeldBytes } from "./held-bytes.ts";
import * as json from "./json-bytes.ts";
import { findRecordStart, rereadBytesMax, seekTailBytes } from "./resume.ts";
import type { WalkLimits } from "./current-value.ts";
import type { Damage, DamageName } from "./damage.ts";
import type { ValueSpan } from "./span.ts";

/** `top`: between values that follow each other in the file; `elements`: between an array's. */
type Place = "top" | "elements" | "value" | "scalar" | "seeking" | "over";
type Step = ValueSpan | Damage | "again" | "starved";

/** No literal is longer, nor any number a program writes. */
const scalarBytesMax = 400;
/**
 * Finds where records begin and end in a file of any shape we read, without parsing them.
 *
 * Fed by {@link push} in chunks of any size and asked by {@link next}; of earlier chunks it keeps
 * the bytes of the unfinished record only. Whether a span is JSON, `JSON.parse` says, and {@link
 * resumeInside} is told when it is not.
 */
export class RecordWalker {
  readonly #held = new HeldBytes();
  readonly #value: CurrentValue;
  #place: Place = "top";
  #isFinished = false;
  #index = 0;
  #rereadBytes = 0;
  #isInArray = false;
  /** Whether the array of records is a member of an object, which has to close as well. */
  #isEnclosed = false;
  #needsComma = false;
  /** The last value was broken: what follows it at once may be its remains. */
  #isDoubtful = false;

  constructor(limits: WalkLimits) {
    this.#value = new CurrentValue(this.#held, limits);
  }

  /** How much of the file has been looked at. */
  get offset(): number {
    return this.#held.base + Math.min(this.#held.at, this.#held.bytes.length);
  }

  push(chunk: Buffer): void {
    if (this.#place === "value" || this.#place === "scalar") this.#value.push(chunk);
    else this.#held.push(chunk, this.#held.at);
  }

  finish(): void {
    this.#isFinished = true;
  }

  /**
   * The next value or damage; null when more bytes are needed or, once finished, when nothing is
   * left.
   */
  next(): ValueSpan | Damage | null {
    for (;;) {
      const step = this.#step();
      if (step === "again") continue;
      if (step !== "starved") return step;
      return this.#isFinished ? this.#atEnd() : null;
    }
  }

  /**
   * Told, before anything else is asked, that the last span is no JSON: brackets behind a broken
   * record may have closed by accident further on, so what visibly is a record inside the span is
   * walked again.
   */
  resumeInside({ bytes, start, end }: ValueSpan): void {
    const isLineOfText = !this.#isInArray && !json.opensValue(bytes[start]);
    if (isLineOfText || this.#holdsRecord(start + 1, end)) this.#seek(start + 1);
    else this.#isDoubtful = true;
  }

  /**
   * Goes on behind a record of a log file that was found by other means, as if it were the last
   * span.
   */
  continueBehind({ bytes, end, index }: ValueSpan): void {
    this.#held.push(bytes, 0);
    this.#enterArray(end);
    this.#isEnclosed = this.#needsComma = true;
    this.#index = index + 1;
  }

  #step(): Step {
    switch (this.#place) {
      case "top":
        return this.#betweenValues();
      case "elements":
        return this.#betweenElements();
      case "value":
        return this.#insideValue();
      case "scalar":
        return this.#insideScalar();
      case "seeking":
        return this.#insideDamage();
      case "over":
        return "starved";
    }
  }

  #betweenValues(): Step {
    this.#held.skipByteOrderMark();
    const byte = this.#held.next();
    if (byte === undefined) return "starved";
    if (this.#isDoubtful && !json.opensValue(byte)) return this.#seek(this.#held.at);
    this.#isDoubtful = false;
    if (byte !== json.openBracket) return this.#beginValue(byte);
    this.#isEnclosed = false;
    return this.#enterArray(this.#held.at + 1);
  }

  #betweenElements(): Step {
    const byte = this.#held.next();
    if (byte === undefined) return "starved";
    const isComma = byte === json.comma;
    const isEnd = byte === json.closeBracket;
    if (this.#isDoubtful && !isComma && !isEnd) return this.#seek(this.#held.at);
    this.#isDoubtful = false;
    if (isEnd) return this.#leaveArray();
    const { offset } = this.#held;
    const isMisplaced = isComma !== this.#needsComma;
    this.#needsComma = false;
    if (isComma) this.#held.at += 1;
    if (isMisplaced) return damage("misplacedComma", offset, null);
    if (isComma) return "again";
    this.#needsComma = true;
    return this.#beginValue(byte);
  }

  #enterArray(at: number): Step {
    this.#held.at = at;
    this.#place = "elements";
    this.#isInArray = true;
    this.#needsComma = false;
    return "again";
  }

  #leaveArray(): Step {
    this.#held.at += 1;
    this.#isInArray = false;
    this.#place = this.#isEnclosed ? "value" : "top";
    if (this.#isEnclosed) this.#value.resumeContainer();
    return "again";
  }

  #beginValue(byte: number): Step {
    this.#value.begin(!this.#isInArray);
    this.#place = json.opensValue(byte) ? "value" : "scalar";
    return "again";
  }

  #insideValue(): Step {
    const value = this.#value;
    const stop = value.walk();
    switch (stop) {
      case "closed":
        if (!value.isContainer) return this.#endValue();
        this.#place = "top";
        return "again";
      case "container":
        value.isContainer = true;
        this.#isEnclosed = true;
        return this.#enterArray(this.#held.at);
      case "line-end":
        return this.#breakOff("brokenLine");
      case "outgrown":
        if (this.#holdsRecord(value.position + 1)) return this.#breakOff("tooLarge");
        value.isTooLarge = true;
        return "again";
      case "starved":
        return stop;
    }
  }

  #insideScalar(): Step {
    const held = this.#held;
    const ends = this.#isInArray ? json.scalarEnds : json.lineEnds;
    held.at = json.indexOfClass(held.bytes, ends, held.at);
    const length = held.offset - this.#value.start;
    if (length > scalarBytesMax) return this.#breakOff("noValue");
    if (held.at === held.bytes.length) return "starved";
    return length === 0 ? this.#breakOff("noValue") : this.#endValue();
  }

  #endValue(): ValueSpan | Damage {
    const { start: offset, position: start, isTooLarge, isTooDeep } = this.#value;
    const { bytes, at: end } = this.#held;
    const index = this.#index++;
    this.#place = this.#isInArray ? "elements" : "top";
    if (isTooLarge) return damage("tooLarge", offset, index);
    return { type: "value", bytes, start, end, offset, index, isTooDeep };
  }

  /** Gives the current value up and looks for the next record in what follows its first byte. */
  #breakOff(name: DamageName): Damage {
    const { isContainer, isHeld, position, start } = this.#value;
    const found = isContainer ? damage(name, this.offset, null) : damage(name, start, this.#index);
    if (!isContainer) this.#index += 1;
    // The byte before may be the line end that the next record's beginning is known by.
    this.#seek(isHeld ? position + 1 : this.#held.at - 1);
    return found;
  }

  #seek(from: number): Step {
    this.#rereadBytes += Math.max(0, this.#held.at - from);
    this.#held.at = from;
    this.#place = "seeking";
    this.#isDoubtful = false;
    return "again";
  }

  #insideDamage(): Step {
    const held = this.#held;
    if (this.#rereadBytes > rereadBytesMax) {
      this.#place = "over";
      return damage("hopeless", held.offset, null);
    }
    const found = findRecordStart(held.bytes, held.at, this.#isInArray);
    held.at = found === -1 ? Math.max(held.at, held.bytes.length - seekTailBytes) : found;
    if (found === -1) return "starved";
    this.#place = this.#isInArray ? "elements" : "top";
    this.#needsComma = false;
    return "again";
  }

  #holdsRecord(from: number, to = this.#held.at): boolean {
    return findRecordStart(this.#held.bytes.subarray(0, to), from, this.#isInArray) !== -1;
  }

  #atEnd(): ValueSpan | Damage | null {
    const { bytes, base } = this.#held;
    const place = this.#place;
    const { isContainer, isHeld, position, start } = this.#value;
    if (place === "scalar" && !this.#isInArray) return this.#endValue();
    const isRecord = place === "scalar" || (place === "value" && !isContainer);
    if (isRecord && isHeld && this.#holdsRecord(position + 1, bytes.length)) {
      return this.#breakOff("unbalanced");
    }
    this.#place = "over";
    if (isRecord) return damage("unfinished", start, this.#index);
    const isInside = place === "value" || place === "elements";
    return isInside ? damage("unclosed", base + bytes.length, null) : null;
  }
}
