import { bucketFrom } from "../baselines/bucket-bytes.ts";
import type { DayBucket } from "../baselines/day-bucket.ts";
import type { Connection, Row } from "./connection.ts";
import { bytesIn, integerIn, textIn } from "./connection.ts";

/** A bucket takes some 8 kB: 50 MB at most, for 200 roles of 28 days. */
const bucketsMax = 6000;

/**
 * Buckets lately read: of the window of one day all but one day are those of the day before. A
 * bucket with the same digest is the same, and the same object.
 */
export class BucketCache {
  readonly #buckets = new Map<string, { readonly digest: string; readonly bucket: DayBucket }>();

  /** Of rows with `id` of the subject, `day` and `digest`; null for those of another version. */
  read(connection: Connection, rows: readonly Row[]): readonly (DayBucket | null)[] {
    return rows.map((row) => {
      const [id, day] = [integerIn(row, "id"), integerIn(row, "day")];
      const digest = textIn(row, "digest");
      const key = `${id} ${day}`;
      const known = this.#buckets.get(key);
      if (known?.digest === digest) return known.bucket;
      const [found] = connection.all(DATA, [id, day]);
      const bucket = found === undefined ? null : bucketFrom(bytesIn(found, "data"));
      if (bucket !== null) this.#put(key, { digest, bucket });
      return bucket;
    });
  }

  #put(key: string, kept: { readonly digest: string; readonly bucket: DayBucket }): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, kept);
    if (this.#buckets.size <= bucketsMax) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

const DATA = "SELECT data FROM baseline_days WHERE subject_id = ? AND day = ?";
