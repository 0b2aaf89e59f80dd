import type { TrailEvent } from "../events/event.ts";
import type { KnownJudgement } from "./known-group.ts";
import type { Gain } from "../pipeline.ts";
import type { Revised } from "../sessions/store.ts";

/** A group in this process's memory. */
export interface KnownGroup {
  readonly key: string;
  /** All that happened to it up to this revision is known, unless it `isForeign`. */
  revision: number;
  /** Whether anything may have happened to it that is not known: others' doings, marks. */
  isForeign: boolean;
  /** Whether what it issued expired since it was judged. */
  isExpired: boolean;
  /** Of the group as it was when it was judged. */
  judgedRevision: number;
  judgement: KnownJudgement | null;
  /** What came since, a transaction at a time. */
  gains: readonly Gain[];
  /** What its events take in memory. */
  eventBytes: number;
  /** What it counts for in all. */
  bytes: number;
}

/**
 * What a record of JSON takes in memory, parsed and normalised, per byte of its text. (Measured: 3
 * to 4.)
 */
const memoryPerByte = 4;
/** A group without its events: sessions, sight, sets. (Measured.) */
const groupBytes = 16 * 1024;
const [perFinding, perIssuance] = [2048, 2048];

/**
 * The groups that a process has lately seen, within a bound of bytes: beyond it, those untouched
 * for longest lose their events first, then all.
 */
export class KnownGroups {
  readonly #groups = new Map<string, KnownGroup>();
  readonly #bytesMax: number;
  #bytes = 0;
  #newsBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether half of the bound is taken by events that were not judged. */
  get isFullOfNews(): boolean {
    return this.#newsBytes * 2 > this.#bytesMax;
  }

  get(key: string): KnownGroup | undefined {
    return this.#groups.get(key);
  }

  /** Takes note of what a transaction brought. */
  note(gain: Gain): void {
    const { key } = gain.state;
    const { revision } = gain.before;
    const known = this.get(key) ?? newGroup(key, revision);
    // Judged with it already: somebody was quicker than this note.
    if (known.judgedRevision > revision) return;
    if (known.revision !== revision) known.isForeign = true;
    known.revision = revision + 1;
    known.gains = [...known.gains, gain];
    known.eventBytes += gain.bytes * memoryPerByte;
    this.#newsBytes += gain.bytes * memoryPerByte;
    this.#put(known);
  }

  /** What is known of a marked group, and the events that came up to its revision. */
  open({ state, revision }: Revised): {
    readonly known: KnownGroup;
    readonly news: readonly TrailEvent[];
  } {
    const known = this.get(state.key) ?? newGroup(state.key, revision);
    if (known.revision !== revision) known.isForeign = true;
    const news = known.gains.filter(({ before }) => before.revision < revision);
    this.#groups.set(state.key, known);
    return { known, news: news.flatMap(({ events }) => events) };
  }

  /**
   * Remembers how the group was judged.
   *
   * @param revision it was read at
   * @param kept its revision since; undefined when it had changed before that was stored
   */
  close(key: string, { judgement, revision, kept }: {
    readonly judgement: KnownJudgement | null;
    readonly revision: number;
    readonly kept: number | undefined;
  }): void {
    const known = this.get(key) ?? newGroup(key, revision);
    const gains = known.gains.filter(({ before }) => before.revision >= revision);
    this.#newsBytes -= newsBytesOf(known.gains) - newsBytesOf(gains);
    // What was let go of in between is not held again: nobody counts it.
    const isHeld = judgement?.events != null && known.eventBytes > 0;
    if (!isHeld) known.eventBytes = newsBytesOf(gains);
    known.judgement = judgement === null || isHeld ? judgement : { ...judgement, events: null };
    known.judgedRevision = revision;
    known.gains = gains;
    known.isForeign = kept === undefined || gains.length > 0;
    if (kept !== undefined) known.revision = kept;
    known.isExpired = false;
    this.#put(known);
  }

  forget(key: string): void {
    const known = this.#groups.get(key);
    if (known === undefined) return;
    this.#bytes -= known.bytes;
    this.#newsBytes -= newsBytesOf(known.gains);
    this.#groups.delete(key);
  }

  #put(known: KnownGroup): void {
    this.#bytes -= this.#groups.get(known.key)?.bytes ?? 0;
    this.#groups.delete(known.key);
    known.bytes = bytesOf(known);
    this.#groups.set(known.key, known);
    this.#bytes += known.bytes;
    if (this.#bytes > this.#bytesMax) this.#shrink();
  }

  /** To three quarters, so that this is seldom done. */
  #shrink(): void {
    const enough = this.#bytesMax * 0.75;
    for (const known of this.#groups.values()) {
      if (this.#bytes <= enough) return;
      if (known.judgement === null || known.eventBytes === 0) continue;
      known.judgement = { ...known.judgement, events: null };
      known.eventBytes = 0;
      this.#bytes -= known.bytes;
      known.bytes = bytesOf(known);
      this.#bytes += known.bytes;
    }
    for (const key of this.#groups.keys()) {
      if (this.#bytes <= enough) return;
      this.forget(key);
    }
  }
}

function newGroup(key: string, revision: number): KnownGroup {
  return {
    key,
    revision,
    isForeign: false,
    isExpired: false,
    judgedRevision: 0,
    judgement: null,
    gains: [],
    eventBytes: 0,
    bytes: 0,
  };
}

function newsBytesOf(gains: readonly Gain[]): number {
  return memoryPerByte * gains.reduce((sum, { bytes }) => sum + bytes, 0);
}

function bytesOf({ judgement, eventBytes }: KnownGroup): number {
  if (judgement === null) return groupBytes + eventBytes;
  const { judge, beyond, awaiting } = judgement;
  const issued = (beyond.issued.size + awaiting.size) * perIssuance;
  return groupBytes + eventBytes + judge.size * perFinding + issued;
}
