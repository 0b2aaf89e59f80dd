import type { RawRecord } from "../records/record.ts";
import type { Logged } from "./call.ts";
import { hour, keyParts, minute, second } from "./instant.ts";
import { alphanumeric, stream } from "./random.ts";

/** One object in the trail's bucket. */
export interface SimulatedFile {
  /**
   *
   * `AWSLogs/<account>/CloudTrail/<region>/YYYY/MM/DD/<name>.json.gz`, the name being
   * `<account>_CloudTrail_<region>_<minute>_<16 letters and digits>`
   */
  readonly key: string;
  readonly deliveredAt: number;
  readonly records: readonly RawRecord[];
}

/**
 * CloudTrail writes about every five minutes per account and region in which something happened.
 */
const slot = 5 * minute;

/**
 * Gathers records into files as CloudTrail would deliver them: late, out of order, now and then
 * twice.
 *
 * What becomes of a record hangs on its own event id and on its account, region and minute, on
 * nothing else: another actor's records do not move it.
 */
export class DeliveryQueue {
  readonly #seed: string;
  readonly #slots = new Map<number, Map<string, RawRecord[]>>();
  readonly #lags = new Map<string, number>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  add(event: Logged): void {
    const luck = fractionOf(event.eventId, 0);
    const second = fractionOf(event.eventId, 24);
    const due = event.at + this.#lag(event);
    if (luck < lateRatio) {
      const late = event.at + hour + second * second * 60 * hour;
      const record = withAddendum(event.record, { reason: "DELIVERY_DELAY" });
      this.deliver(late, { ...event, record });
      return;
    }
    const isSlow = luck < lateRatio + slowRatio;
    const dueAt = isSlow ? due + second * 15 * minute : due;
    this.deliver(dueAt, event);
    if (luck > 1 - duplicateRatio) {
      this.deliver(dueAt + slot + second * 2 * slot, event);
    }
  }

  /**
   * Files due by `until`, oldest first. No record that happens before `until` may be added
   * afterwards.
   */
  *flush(until: number): Generator<SimulatedFile> {
    const due = [...this.#slots.keys()].filter((at) => at <= until).sort((a, b) => a - b);
    for (const at of due) {
      const places = [...(this.#slots.get(at) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      this.#slots.delete(at);
      for (const [place, records] of places) yield* this.#files(at, { place, records });
    }
    if (this.#lags.size > 20_000) this.#lags.clear();
  }

  /** Puts a record into the file that is due at an instant, whatever its luck would be. */
  deliver(dueAt: number, { account, region, record }: Logged): void {
    const at = Math.ceil(dueAt / slot) * slot;
    const places = this.#slots.get(at) ?? new Map<string, RawRecord[]>();
    if (places.size === 0) this.#slots.set(at, places);
    const place = `${account}/${region}`;
    const records = places.get(place);
    if (records === undefined) places.set(place, [record]);
    else records.push(record);
  }

  *#files(at: number, { place, records }: Place): Generator<SimulatedFile> {
    const random = stream(this.#seed, "file", place, at);
    random.shuffle(records);
    const deliveredAt = at + random.between(2, 55) * second;
    yield { key: keyOf(place, at, random.text(16, alphanumeric)), deliveredAt, records };
    if (random.chance(againRatio)) {
      const again = keyOf(place, at, random.text(16, alphanumeric));
      yield { key: again, deliveredAt: deliveredAt + second, records };
    }
  }

  /**
   * What one account and region lags behind in a stretch of ten minutes: median three minutes, tail
   * fifteen.
   */
  #lag({ account, region, at }: Logged): number {
    const stretch = Math.floor(at / (2 * slot));
    const key = `${account}/${region}/${stretch}`;
    const known = this.#lags.get(key);
    if (known !== undefined) return known;
    const drawn = stream(this.#seed, "lag", key).logNormal(2.5 * minute, 0.6);
    const lag = Math.min(20 * minute, drawn);
    this.#lags.set(key, lag);
    return lag;
  }
}

interface Place {
  readonly place: string;
  readonly records: RawRecord[];
}

/** Hours or days late: AWS's redelivery after an outage. A few in ten thousand. */
const lateRatio = 0.0006;
/** Behind the rest of their minute by up to a quarter of an hour. */
const slowRatio = 0.012;
/** Delivered once more, in another file. */
const duplicateRatio = 0.005;
/** Whole files delivered once more, under another suffix. */
const againRatio = 0.003;

function keyOf(place: string, at: number, suffix: string): string {
  const [account = "", region = ""] = place.split("/");
  const { folder, stamp } = keyParts(at);
  const name = `${account}_CloudTrail_${region}_${stamp}_${suffix}.json.gz`;
  return `AWSLogs/${account}/CloudTrail/${region}/${folder}/${name}`;
}

/** Six hex digits of the id from `start`, as a fraction of their range: the event's own luck. */
function fractionOf(eventId: string, start: number): number {
  return Number.parseInt(eventId.slice(start, start + 6), 16) / 0x100_0000;
}

/** The record with its addendum where AWS puts it: before the category. */
export function withAddendum(record: RawRecord, addendum: RawRecord): RawRecord {
  const entries = Object.entries(record);
  const before = entries.findIndex(([key]) => key === "eventCategory");
  entries.splice(before, 0, ["addendum", addendum]);
  return Object.fromEntries(entries);
}
