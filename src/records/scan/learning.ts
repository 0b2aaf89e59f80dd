import type { Markers } from "../markers.ts";
import type { Scanner } from "./scanner.ts";

/** What makes a record a candidate. */
export interface Sought {
  readonly markers: Markers;
  /** The same, unless the record is a service's call with parameters: see `outside-asks.ts`. */
  readonly unlessService: Markers;
}

/** What the scanner's tables hold at present. */
export interface Learnt extends Sought {
  /** How much of a document the choice of grams rests on. */
  readonly sampleBytes: number;
}

/**
 * A document about to be scanned: what is rare in it decides by which bytes a marker is looked for.
 */
export interface Sample {
  /** Its length, or all that a piece holds. */
  readonly bytes: number;
  /** Puts it at INPUT. */
  readonly load: () => void;
}

/** Enters the markers into the scanner's tables, unless they are there; null when it cannot. */
export function learnMarkers(
  scanner: Scanner,
  { markers, unlessService }: Sought,
  { sample, learnt }: { readonly sample: Sample; readonly learnt: Learnt | null },
): Learnt | null {
  // The choice is for speed alone, so it is made anew only for a sample of quite another size.
  const isCurrent =
    learnt !== null &&
    sample.bytes <= 4 * learnt.sampleBytes &&
    isSame(learnt.markers, markers) &&
    isSame(learnt.unlessService, unlessService);
  if (isCurrent) return learnt;
  if (![...markers, ...unlessService].every((marker) => printable.test(marker))) return null;

  sample.load();
  const sorted = bySize({ markers, unlessService }, scanner.SHORTS_MAX.value);
  if (!enterCheapest(scanner, sorted, sample.bytes)) return null;
  return { markers: [...markers], unlessService: [...unlessService], sampleBytes: sample.bytes };
}

const printable = /^[\x20-\x7e]{3,}$/;

function isSame(a: Markers, b: Markers): boolean {
  return a.length === b.length && a.every((marker, i) => marker === b[i]);
}

interface Sorted {
  readonly long: Markers;
  /** Long ones that do not count in a service's call. */
  readonly slight: Markers;
  readonly short: Markers;
}

/**
 * A few short markers are looked for one by one; many take the others' way, and slow it. A short
 * one that need not count always does so nevertheless: that makes candidates, and hides none.
 */
function bySize({ markers, unlessService }: Sought, shortMax: number): Sorted {
  const always = [...markers, ...unlessService.filter(isShort)];
  const slight = unlessService.filter((marker) => !isShort(marker));
  const short = always.filter(isShort);
  if (short.length > shortMax) return { long: always, slight, short: [] };
  return { long: always.filter((marker) => !isShort(marker)), slight, short };
}

/** At 7 bytes a stride of 4 begins, which costs little. */
const isShort = (marker: string): boolean => marker.length < 7;

/**
 * Long strides look at fewer places, but leave less choice which bytes of a marker to look for:
 * when only common ones are left, comparing costs more than looking. What is expected of the sample
 * decides.
 */
function enterCheapest(scanner: Scanner, markers: Sorted, sampleBytes: number): boolean {
  const long = [...markers.long, ...markers.slight];
  const shortest = long.reduce((n, { length }) => Math.min(n, length), windowBytesMax);
  let best: { readonly cost: number; readonly stride: number } | null = null;
  let entered = 0;
  const isEntered = (stride: number) => {
    scanner.forget(Math.min(8, shortest - stride + 1), stride, tableBits(long.length));
    scanner.count(sampleBytes);
    return enterAll(scanner, markers);
  };
  for (const stride of [8, 4, 2, 1].filter((bytes) => bytes + gramBytesMin - 1 <= shortest)) {
    const lookingCost = sampleBytes / stride;
    if (best !== null && best.cost <= lookingCost) break;
    entered = stride;
    if (!isEntered(stride)) continue;
    const cost = lookingCost + ((scanner.expectedHits.value >>> 0) * hitCost) / stride;
    if (best === null || cost < best.cost) best = { cost, stride };
  }
  return best !== null && (best.stride === entered || isEntered(best.stride));
}

const gramBytesMin = 3;
/** Grams of 8 bytes at a stride of 8. */
const windowBytesMax = 15;
/** What a hit and its comparison cost beside a look at one place: measured, 10 to 50. */
const hitCost = 16;

/** Wide enough that 64 bytes seldom meet an entry by chance, and still within the caches. */
function tableBits(markerCount: number): number {
  return Math.min(17, 12 + Math.ceil(Math.log2(markerCount + 1)));
}

function enterAll(scanner: Scanner, { long, slight, short }: Sorted): boolean {
  const text = new Uint8Array(scanner.memory.buffer, scanner.TEXT.value, scanner.TEXT_MAX.value);
  let end = 0;
  const write = (marker: string) => {
    const offset = end;
    // Beyond the margin a marker could leave the piece; its beginning finds at least as much.
    const length = Math.min(marker.length, scanner.MARGIN.value);
    end += length;
    // The last gram is read as 8 bytes.
    if (end + 8 > text.length) return null;
    for (let i = 0; i < length; i++) text[offset + i] = marker.charCodeAt(i);
    return { offset, length };
  };
  const entersAll = (markers: Markers, enter: (offset: number, length: number) => number) =>
    markers.every((marker) => {
      const place = write(marker);
      return place !== null && enter(place.offset, place.length) !== 0;
    });
  return (
    entersAll(short, scanner.enterShort) &&
    entersAll(long, (offset, length) => scanner.enter(offset, length, 0)) &&
    entersAll(slight, (offset, length) => scanner.enter(offset, length, 1))
  );
}
