import { setImmediate as nextTurn } from "node:timers/promises";
import { EventTallies } from "./event-tallies.ts";
import { growingFacts, type GrowingFact } from "../findings/growing.ts";
import { expiryGraceMs } from "../facts/session-facts.ts";
import { gatherContexts, haveSameKeys, type GroupLookup } from "./context.ts";
import { judgeGroup, type Outcome } from "./judge-group.ts";
import { basisOf, type Bench } from "./bench.ts";
import { baselineSettings } from "./baseline-settings.ts";
import { KnownGroups } from "./known-groups.ts";
import { LiveCorrelations } from "./live-correlations.ts";
import { LiveBaselines } from "./live-baselines.ts";
import { judgeOrigins } from "./live-origins.ts";
import { LiveTasks } from "./live-tasks.ts";
import type { JudgeProgress, JudgeTime } from "./judge-time.ts";
import type { Change, LiveChange, LiveJudgeOptions, PassOptions } from "./live-change.ts";
import type { Gain } from "../pipeline.ts";
import { sessionsOf } from "../sessions/derive.ts";
import { groupDayOf } from "../sessions/group.ts";
import type { GroupState } from "../sessions/state.ts";
import type { Revised } from "../sessions/store.ts";

/** Groups judged and committed together: enough to share queries, few enough to keep others out. */
const groupsPerPage = 200;

/**
 * Judges what is marked, again and again, and remembers how: of a group that goes on as it did,
 * only the new events are judged. What it gives is what judging everything from the store gives,
 * whoever else works on the store, and whatever it has forgotten.
 */
export class LiveJudge {
  readonly #bench: Bench;
  readonly #growing: readonly GrowingFact[];
  readonly #bytesMax: number;
  readonly #isArchive: boolean;
  #groups: KnownGroups;
  readonly #correlations: LiveCorrelations;
  readonly #tasks: LiveTasks;
  readonly #baselines: LiveBaselines;
  readonly #tallies = new EventTallies();
  #last: Promise<unknown> = Promise.resolve();
  #isBegun = false;

  constructor(bench: Bench, { bytesMax, isArchive = false }: LiveJudgeOptions) {
    this.#bench = bench;
    this.#growing = growingFacts(bench.rules);
    this.#bytesMax = bytesMax;
    this.#isArchive = isArchive;
    this.#groups = new KnownGroups(bytesMax);
    this.#correlations = new LiveCorrelations(bench);
    this.#tasks = new LiveTasks(bench);
    this.#baselines = new LiveBaselines(bench.store, baselineSettings(bench.config));
  }

  /** Takes note of what a transaction brought, once it is committed. */
  note(gains: readonly Gain[]): void {
    for (const gain of gains) {
      this.#groups.note(gain);
      if (!this.#isArchive) this.#tallies.note(gain);
    }
  }

  /** Judges what is marked, and correlations as far as they are due. One pass at a time. */
  judge(when: JudgeTime): Promise<LiveChange> {
    return this.#queued(() => this.#pass({ ...when, isFinal: false }));
  }

  /**
   * Lets go of what it noted where half of what may be remembered are events to be judged. For a
   * reader of archives: what is judged once, at the end, from the store, is not judged again with
   * each file that adds to it.
   */
  spare(): void {
    if (this.#groups.isFullOfNews) this.#groups = new KnownGroups(this.#bytesMax);
  }

  /**
   * Marks what was judged by other rules, if anything was. Before anything is taken in, that spares
   * marking all of it once more.
   */
  begin(): Promise<void> {
    return this.#queued(() => this.#begin());
  }

  /** Judges until nothing is marked, and all correlations. */
  finish(when: JudgeTime, progress?: JudgeProgress): Promise<LiveChange> {
    return this.#queued(() => this.#pass({ ...when, isFinal: true, progress }));
  }

  #queued<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #pass(options: PassOptions): Promise<LiveChange> {
    const { isFinal, announceFrom } = options;
    const { store } = this.#bench;
    await this.#begin();
    // What was said to have expired stays so, whoever judges later as of an earlier time.
    const swept = ((await store.sweptBy()) ?? -Infinity) + expiryGraceMs;
    const asOf = Math.max((await store.latestAt()) ?? 0, options.asOf, swept);
    await this.#sweep(asOf);
    const change: Change = { asOf, sessions: [], findings: [] };
    await this.#judgeMarked(change, options);
    await this.#countRest();
    const by = Math.max(asOf, options.tasksAsOf ?? -Infinity);
    change.findings.push(...(await this.#tasks.judge({ by, announceFrom }, isFinal)));
    change.findings.push(...(await judgeOrigins(this.#bench, options)));
    const dueInMs = await this.#correlations.dueInMs();
    const isDue = dueInMs === 0 || (isFinal && dueInMs !== null);
    if (isDue) change.findings.push(...(await this.#correlations.judge(announceFrom)));
    const putOff = [
      isDue ? await this.#correlations.dueInMs() : dueInMs,
      await this.#baselines.dueInMs(),
    ].filter((each) => each !== null);
    return {
      ...change,
      tallies: this.#tallies.take(),
      dueInMs: putOff.length === 0 ? null : Math.min(...putOff),
    };
  }

  async #begin(): Promise<void> {
    if (!this.#isBegun) await this.#bench.store.judgeUnder(basisOf(this.#bench));
    this.#isBegun = true;
  }

  /** What expires is known here, unless another process is the one to sweep it. */
  async #sweep(asOf: number): Promise<void> {
    for (const key of await this.#bench.store.sweep(asOf - expiryGraceMs)) {
      const known = this.#groups.get(key);
      if (known === undefined) continue;
      known.isExpired = true;
      known.revision += 1;
    }
  }

  async #judgeMarked(change: Change, options: PassOptions): Promise<void> {
    const { isFinal, progress } = options;
    let after: GroupState | undefined;
    let groupCount = 0;
    let eventCount = 0;
    for (;;) {
      const page = ofOneDay(await this.#bench.store.dirtyGroups(groupsPerPage, after));
      const last = page.at(-1)?.state;
      const day = last === undefined ? null : groupDayOf(last);
      // What is learned may mark groups of later days, and shows in how these are judged.
      if (await this.#baselines.step(day, isFinal)) continue;
      if (last === undefined) {
        // What was marked while this went on: now where all is to be done, else by the next pass.
        if (after === undefined || !isFinal) return;
        after = undefined;
        continue;
      }
      after = last;
      await this.#judgePage(page, change, options);
      groupCount += page.length;
      eventCount += page.reduce((sum, { state }) => sum + state.eventCount, 0);
      progress?.advance(groupCount, eventCount);
      // The store never waits; an interrupt is heard between turns of the event loop only.
      await nextTurn();
    }
  }

  async #judgePage(
    page: readonly Revised[],
    change: Change,
    { announceFrom }: PassOptions,
  ): Promise<void> {
    const lookupOf = await this.#lookups(page);
    const { book: baselines } = this.#baselines;
    const baselinesVersion = await baselines.refresh();
    const judged: Outcome[] = [];
    try {
      for (const revised of page) {
        const { known, news } = this.#groups.open(revised);
        const { isForeign, isExpired, judgement: before } = known;
        const lookup = lookupOf(revised.state);
        const outcome = await judgeGroup(
          this.#bench,
          {
            revised, lookup, before, news, isForeign, isExpired, asOf: change.asOf,
            baselines, baselinesVersion, isRemembered: !this.#isArchive,
          },
          this.#growing,
        );
        this.#tallies.count(outcome.of, revised.revision);
        judged.push(outcome);
      }
      const { changes, revisions } = await this.#bench.store.judged(
        judged.map(({ judgement }) => judgement),
        announceFrom,
      );
      for (const { judgement, revision, known } of judged) {
        const { groupKey, sessions } = judgement;
        const kept = revisions.get(groupKey);
        if (this.#isArchive) this.#groups.forget(groupKey);
        else this.#groups.close(groupKey, { judgement: known, revision, kept });
        this.#tasks.note(sessions);
        // Of an archive they are too many to hold, and nobody is told.
        if (announceFrom < Infinity) change.sessions.push(...sessions);
      }
      change.findings.push(...changes);
    } catch (error) {
      // Half done, what is remembered is wrong; from the store it will be right.
      for (const { state } of page) this.#groups.forget(state.key);
      throw error;
    }
  }

  /** What sessions are derived with: as before, where nothing can have changed it. */
  async #lookups(page: readonly Revised[]): Promise<(group: GroupState) => GroupLookup> {
    const same = new Map<string, GroupLookup>();
    for (const { state, revision } of page) {
      const known = this.#groups.get(state.key);
      if (known?.judgement == null || known.isForeign || known.revision !== revision) continue;
      const { of, lookup } = known.judgement;
      if (haveSameKeys(of.group, state)) same.set(state.key, lookup);
    }
    const { store, config } = this.#bench;
    const others = page.map(({ state }) => state).filter(({ key }) => !same.has(key));
    const gathered = await gatherContexts(store, config, others);
    return (group) => same.get(group.key) ?? gathered(group);
  }

  /** New events of groups that somebody else has judged by now are still to be counted. */
  async #countRest(): Promise<void> {
    const { store, config } = this.#bench;
    for (const key of this.#tallies.waiting) {
      const group = await store.group(key);
      if (group === null) continue;
      const contexts = await gatherContexts(store, config, [group]);
      this.#tallies.count({ group, sessions: sessionsOf(group, contexts(group)) }, Infinity);
    }
  }
}

/** Those of the first one's day: what is judged together is judged by what the same days taught. */
function ofOneDay(page: readonly Revised[]): readonly Revised[] {
  const [first] = page;
  if (first === undefined) return page;
  const day = groupDayOf(first.state);
  return page.filter(({ state }) => groupDayOf(state) === day);
}
