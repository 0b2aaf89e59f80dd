import { vi } from "vitest";
import { emptyConfig } from "../../src/config/schema.ts";
import { damageOf, metIn, nothingMet } from "../../src/records/damaged.ts";
import type { Pace } from "../../src/sources/sqs.ts";
import type { Fault, Handover, Source, SourceWatcher } from "../../src/sources/source.ts";

/** What a source told of itself. */
export class Told implements SourceWatcher {
  readonly faults: { readonly code: string; readonly message: string; readonly again: boolean }[] =
    [];
  readonly depths: [queue: string, messageCount: number][] = [];
  recoveredCount = 0;
  fetchedCount = 0;

  failed(_source: string, { code, message }: Fault, delayMs: number | null): void {
    this.faults.push({ code, message, again: delayMs !== null });
  }

  recovered(): void {
    this.recoveredCount += 1;
  }

  depth(_source: string, queue: "main" | "dead-letter", messageCount: number): void {
    this.depths.push([queue, messageCount]);
  }

  fetched(): void {
    this.fetchedCount += 1;
  }

  /** Each code once, as first told. */
  get codes(): readonly string[] {
    return [...new Set(this.faults.map(({ code }) => code))];
  }
}

/** What was read of one handover, and what became of it. */
export interface Taken {
  readonly name: string;
  readonly eventNames: readonly unknown[];
  readonly rejections: readonly string[];
  readonly others: Readonly<Record<string, number>>;
  readonly end: string;
}

/** As tests want it: no longer than the protocol needs. */
export const quick: Pace = {
  waitSeconds: 1, depthEveryMs: 60_000, poisonDelaySeconds: () => 0,
};

const read = { limits: emptyConfig.read, markers: null };

/** Reads what a source hands over, as the service does but for the store, until `isEnough`. */
export async function consume(
  source: Source,
  told: Told,
  isEnough: (taken: readonly Taken[]) => boolean,
): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  const ending = new AbortController();
  const work = (async () => {
    for await (const handover of source.handovers(ending.signal)) {
      taken.push(await take(handover, told));
    }
  })();
  const isDone = vi.waitUntil(() => isEnough(taken), { timeout: 20_000, interval: 10 });
  await Promise.race([isDone, work]);
  ending.abort();
  await work;
  return taken;
}

export async function take(handover: Handover, told: Told): Promise<Taken> {
  const eventNames: unknown[] = [];
  const rejections: string[] = [];
  const others: Record<string, number> = {};
  let end: string | null = handover.poison?.reason ?? null;
  for (const parcel of handover.parcels) {
    for (let isRead = false; !isRead; ) {
      let met = nothingMet;
      isRead = true;
      try {
        for await (const batch of parcel.batches(read)) {
          met = metIn(met, batch);
          eventNames.push(...batch.records.map(({ record }) => record.eventName));
          rejections.push(...batch.rejections.map(({ reason }) => reason));
          for (const [kind, count] of Object.entries(batch.others)) others[kind] = count;
        }
        if (damageOf(met) !== null) end ??= "bad-object";
      } catch (error) {
        const fault = error as Fault;
        told.failed("trail", fault, fault.retryable ? 1 : null);
        if (!fault.retryable) end ??= fault.code;
        isRead = !fault.retryable;
      }
    }
  }
  if (end === null) await handover.acknowledge();
  else await handover.giveBack("poison");
  return { name: handover.name, eventNames, rejections, others, end: end ?? "acknowledged" };
}
