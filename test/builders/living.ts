import { placeOf } from "../../src/baselines/compared.ts";
import type { Past } from "../../src/baselines/levels.ts";
import { findingJson, type FindingJson } from "../../src/findings/finding-json.ts";
import type { Bench } from "../../src/judging/bench.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts, type Gain } from "../../src/pipeline.ts";
import type { ReadBatch } from "../../src/records/read.ts";
import type { RawRecord } from "../../src/records/record.ts";
import type { Session } from "../../src/sessions/session.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";

/** What judging needs beside a store. */
export type Laws = Omit<Bench, "store">;

/** A delivery, and what the two processes do around it. */
export interface Step {
  readonly records: readonly RawRecord[];
  /** The process that takes it in. */
  readonly by: number;
  /** Whether the other one judges while it is taken in. */
  readonly isMeanwhile: boolean;
  /** Whether the process is told of it only after the next one. */
  readonly isNotedLater: boolean;
  /** Which judge after it, at once. */
  readonly judges: readonly number[];
}

/** By the events' own time; everything is announced. */
const when = { asOf: 0, announceFrom: -Infinity };

/** Events told of in tallies, and what the store holds, when two processes have judged by turns. */
export async function livingThrough(
  steps: readonly Step[],
  laws: Laws,
  bytesMax: number,
): Promise<{ told: number; eventCount: number; content: Content }> {
  const store = await openSqliteStore({ path: ":memory:" });
  try {
    const processes = [0, 1].map(() => new LiveJudge({ store, ...laws }, { bytesMax }));
    let late: (readonly [LiveJudge, readonly Gain[]])[] = [];
    let told = 0;
    const judge = async (process: LiveJudge, isLast: boolean) => {
      const { tallies } = isLast ? await process.finish(when) : await process.judge(when);
      told += tallies.reduce((sum, { count }) => sum + count, 0);
    };
    for (const [i, { records, by, isMeanwhile, isNotedLater, judges }] of steps.entries()) {
      const part = { delivery: { id: `d${i}`, name: `d${i}` }, batch: batchOf(records) };
      const taking = ingestParts({ store, normalise: laws.normalise }, [part]);
      for (const [n, other] of processes.entries()) {
        if (isMeanwhile && n !== by) await judge(other, false);
      }
      const { gains } = await taking;
      for (const [process, earlier] of late) process.note(earlier);
      late = [];
      for (const [n, process] of processes.entries()) {
        if (n === by && isNotedLater) late.push([process, gains]);
        else if (n === by) process.note(gains);
      }
      const judging = processes.filter((_, n) => judges.includes(n));
      await Promise.all(judging.map((process) => judge(process, false)));
    }
    for (const [process, earlier] of late) process.note(earlier);
    for (const process of processes) await judge(process, true);
    const { eventCount } = await store.counts();
    return { told, eventCount, content: await contentOf(store) };
  } finally {
    await store.close();
  }
}

export interface Content {
  readonly findings: readonly FindingJson[];
  readonly sessions: readonly Session[];
  /** What was learned on the days before the latest session began. */
  readonly pasts: readonly Past[];
}

/**
 * What findings and sessions a store shows. What an incomplete view raised and the whole one does
 * not is withdrawn: closed, kept for the record, and left out here.
 */
export async function contentOf(store: Store): Promise<Content> {
  const findings: FindingJson[] = [];
  for await (const page of store.findings()) {
    findings.push(...page.filter(({ verdict }) => verdict !== "withdrawn").map(findingJson));
  }
  const sessions: Session[] = [];
  for await (const page of store.sessions()) sessions.push(...page);
  const days = sessions.flatMap((session) => placeOf(session)?.day ?? []);
  return {
    findings,
    sessions: sessions.sort((a, b) => (a.id < b.id ? -1 : 1)),
    pasts: await store.pasts(0, Math.max(0, ...days)),
  };
}

export function batchOf(records: readonly RawRecord[]): ReadBatch {
  return {
    records: records.map((record, index) => ({ record, index, offset: 0 })),
    rejections: [],
    others: {},
    skippedCount: 0,
    bytes: 0,
  };
}

/** Deliveries of these sizes, over and over. */
export function split(records: readonly RawRecord[], sizes: readonly number[]): RawRecord[][] {
  const parts: RawRecord[][] = [];
  let from = 0;
  for (let i = 0; from < records.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    parts.push(records.slice(from, from + size));
    from += size;
  }
  return parts;
}
