import { setImmediate as others } from "node:timers/promises";
import type { Finding } from "../findings/finding.ts";
import { afterTelling, decide, lookAgainMs, type Circumstances } from "../notices/decide.ts";
import { digestOf, type Gathered } from "../notices/digest.ts";
import type { Manners } from "../notices/manners.ts";
import type { DeskState, Notice, NoticeChange, Telling } from "../notices/notice.ts";
import type { Desk } from "../notifications/desk.ts";
import { SinkFault } from "../notifications/fault.ts";
import type { TellingOptions } from "./telling.ts";

/** Others wait for what is done with so many. */
const noticesAtOnce = 50;
/** Of one digest: a few megabytes. */
const gatheredMax = 20_000;
/** One message may be wrong; when several in a row are refused, it is the receiver. */
const refusalsMax = 3;
const refusedMs = { first: 60_000, longest: 3_600_000 };

interface Mannered {
  readonly desk: Desk;
  readonly manners: Manners;
}

/** A notice, and what is to be told. */
interface Pending {
  readonly notice: Notice;
  readonly finding: Finding;
  readonly what: Telling;
}

/**
 * Takes over what the outbox holds, tells what is due, and what was put aside when the time for it
 * has come. There is nothing more to do right now.
 */
export async function tellFromDesk(
  receiver: Mannered,
  options: TellingOptions,
  signal: AbortSignal,
): Promise<false> {
  const { store, now } = options;
  const { name } = receiver.desk;
  while (!signal.aborted && await store.takeWords(name, noticesAtOnce, now()) === noticesAtOnce);
  const round = new Round(receiver, options, await store.deskState(name));
  for (let afterSeq: number | null = 0; afterSeq !== null && !signal.aborted; ) {
    const due = await store.dueNotices(name, now(), { afterSeq, limit: noticesAtOnce });
    await round.work(due, signal);
    afterSeq = due.length < noticesAtOnce ? null : (due.at(-1)?.seq ?? null);
    await others();
  }
  if (!signal.aborted) await round.tellDigest();
  return false;
}

/** One walk through what is due. */
class Round {
  readonly #desk: Desk;
  readonly #manners: Manners;
  readonly #options: TellingOptions;
  readonly #gathered: (Gathered & Pick<Finding, "status"> & { readonly notice: Notice })[] = [];
  #state: DeskState;
  #refusedInARow = 0;

  constructor({ desk, manners }: Mannered, options: TellingOptions, state: DeskState) {
    this.#desk = desk;
    this.#manners = manners;
    this.#options = options;
    this.#state = state;
  }

  async work(due: readonly Notice[], signal: AbortSignal): Promise<void> {
    const settled: NoticeChange[] = [];
    let batch: Pending[] = [];
    for (const notice of due) {
      if (signal.aborted) break;
      const finding = await this.#findingOf(notice);
      const decision = decide(notice, finding, this.#circumstances());
      if (decision.do === "forget" || finding === null) settled.push({ notice, forget: true });
      else if (decision.do === "wait") settled.push({ notice, dueAt: decision.until });
      else if (decision.do === "gather") settled.push(...this.#gather(notice, finding));
      else {
        const { what } = decision;
        batch.push({ notice, finding, what });
        this.#state = afterTelling(
          this.#state, { what, level: finding.level }, this.#circumstances(),
        );
        if (batch.length < this.#desk.atOnce) continue;
        await this.#send(batch);
        batch = [];
      }
    }
    if (batch.length > 0) await this.#send(batch);
    if (settled.length > 0) await this.#keep(settled);
  }

  /** What was put aside, as one message, when it is time. */
  async tellDigest(): Promise<void> {
    if (!this.#isDigestDue()) return;
    const digest = digestOf(this.#gathered);
    if (digest !== null) {
      await this.#desk.tellDigest(digest);
      this.#options.watcher.notified(this.#desk.name, "digest");
      this.#options.watcher.outboxTold(this.#desk.name, digest.count);
    }
    const at = this.#options.now();
    const changes = this.#gathered.map(({ notice, level, status }): NoticeChange => {
      const by = notice.told?.by ?? "digest";
      const told = { level, status, at, by };
      return { notice: { ...notice, told, gathered: null }, dueAt: at + lookAgainMs };
    });
    // Until all of them are kept, it is due: what is told twice is not left out.
    for (let from = 0; from < changes.length; from += noticesAtOnce) {
      await this.#keep(changes.slice(from, from + noticesAtOnce));
    }
    this.#state = { ...this.#state, digestAt: null };
    await this.#keep([]);
  }

  async #findingOf({ fingerprint }: Notice): Promise<Finding | null> {
    const { store, now } = this.#options;
    const found = await store.finding(fingerprint.slice(0, 16), now());
    return found.find((finding) => finding.fingerprint === fingerprint) ?? null;
  }

  #circumstances(): Circumstances {
    return { manners: this.#manners, desk: this.#state, now: this.#options.now() };
  }

  #isDigestDue(): boolean {
    const { digestAt } = this.#state;
    return digestAt !== null && digestAt <= this.#options.now();
  }

  #gather(notice: Notice, finding: Finding): readonly NoticeChange[] {
    if (this.#isDigestDue()) {
      // What is beyond the bound stays due, and makes the next digest.
      if (this.#gathered.length < gatheredMax) {
        const { level, rule, agent, id, status } = finding;
        this.#gathered.push({ notice, level, rule, agent, id, status });
      }
      return [];
    }
    const digestAt = this.#state.digestAt ?? this.#options.now() + this.#manners.digestMs;
    this.#state = { ...this.#state, digestAt };
    return [{ notice: { ...notice, gathered: finding.level }, dueAt: digestAt }];
  }

  async #send(batch: readonly Pending[]): Promise<void> {
    try {
      const memories = await this.#desk.tell(batch.map(({ notice, finding, what }) =>
        ({ what, finding, memory: notice.memory })));
      this.#refusedInARow = 0;
      await this.#keep(batch.map((pending, i) => this.#told(pending, memories[i] ?? null)));
      for (const { what } of batch) this.#options.watcher.notified(this.#desk.name, what);
      this.#options.watcher.outboxTold(this.#desk.name, batch.length);
    } catch (error) {
      if (!(error instanceof SinkFault && error.code === "refused")) throw error;
      if (batch.length === 1) await this.#refused(batch[0]?.notice, error);
      else for (const pending of batch) await this.#send([pending]);
    }
  }

  #told({ notice, finding, what }: Pending, memory: string | null): NoticeChange {
    if (what === "over") return { notice, forget: true };
    const { level, status } = finding;
    const at = this.#options.now();
    const told: Notice = {
      ...notice, memory, gathered: null, refusedCount: 0,
      told: { level, status, at, by: "message" },
    };
    const next = decide(told, finding, this.#circumstances());
    return { notice: told, dueAt: next.do === "wait" ? next.until : at };
  }

  /** It is tried again later; the others go on. */
  async #refused(notice: Notice | undefined, error: SinkFault): Promise<void> {
    this.#refusedInARow += 1;
    if (notice === undefined || this.#refusedInARow > refusalsMax) throw error;
    this.#options.watcher.outboxFailed(this.#desk.name, error, false);
    const waitMs = Math.min(refusedMs.first * 2 ** notice.refusedCount, refusedMs.longest);
    const refused = { ...notice, refusedCount: notice.refusedCount + 1 };
    await this.#keep([{ notice: refused, dueAt: this.#options.now() + waitMs }]);
  }

  async #keep(changes: readonly NoticeChange[]): Promise<void> {
    await this.#options.store.keepNotices(this.#desk.name, changes, this.#state);
  }
}
