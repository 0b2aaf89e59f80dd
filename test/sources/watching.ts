import type { Clock } from "../../src/sources/clock.ts";
import type { Handover, SourceWatcher } from "../../src/sources/source.ts";
import type { FoundRecord } from "../../src/records/read.ts";
import { emptyConfig } from "../../src/config/schema.ts";

/** A watcher that keeps what it is told, a line each. */
export class Notes implements SourceWatcher {
  readonly lines: string[] = [];

  failed(source: string, fault: { readonly message: string }, delayMs: number | null): void {
    const how = delayMs === null ? "for good" : "again";
    this.lines.push(`${source} failed (${how}): ${fault.message}`);
  }

  recovered(source: string): void {
    this.lines.push(`${source} recovered`);
  }

  depth(): void {
    this.lines.push("depth");
  }

  fetched(source: string, bytes: number): void {
    this.lines.push(`${source} fetched ${bytes}`);
  }
}

/** A clock that stands still but for waits, each of which is told to `onWait` before it ends. */
export class TurnedClock implements Clock {
  readonly waits: number[] = [];
  #at: number;
  readonly #onWait: (count: number) => void | Promise<void>;

  constructor(at: number, onWait: (count: number) => void | Promise<void> = () => undefined) {
    this.#at = at;
    this.#onWait = onWait;
  }

  now(): number {
    return this.#at;
  }

  async wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.#at += ms;
    await this.#onWait(this.waits.length);
  }
}

/** Every record of a handover, as the consumer reads it. */
export async function recordsIn(handover: Handover): Promise<readonly FoundRecord[]> {
  const found: FoundRecord[] = [];
  for (const parcel of handover.parcels) {
    for await (const batch of parcel.batches({ limits: emptyConfig.read, markers: null })) {
      found.push(...batch.records);
    }
  }
  return found;
}

export const idsIn = async (handover: Handover): Promise<readonly unknown[]> =>
  (await recordsIn(handover)).map(({ record }) => record["eventID"]);
