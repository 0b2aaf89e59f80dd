import { setImmediate as nextTurn } from "node:timers/promises";
import { binOf, type Histogram } from "../baselines/histogram.ts";
import { ownAsOf } from "../baselines/levels.ts";
import { isMature, isTruncated, ownOf } from "../baselines/overview.ts";
import { standingName, type StandingName } from "../baselines/placing.ts";
import type { BaselineStore } from "../baselines/store.ts";
import { subjectKey, type RoleAndAgent } from "../baselines/subject.ts";
import type { Config } from "../config/schema.ts";
import { baselineSettings } from "../judging/baseline-settings.ts";
import { byStanding, noNumbers, numbersOf } from "../telemetry/baseline-metrics.ts";
import type {
  BaselinesStanding, GaugedNumbers, RoleStanding,
} from "../telemetry/baseline-metrics.ts";

const dayMs = 86_400_000;
/** The latest of more: reading them takes about a second. */
const sessionsMax = 20_000;
/** They change slowly. */
const againMs = 60_000;

export interface BaselinesAsked {
  /** ms UTC. */
  readonly asOf: number;
  readonly config: Pick<Config, "baselines">;
}

/** What was learned by a version, as of a day; and by which config. */
interface Learned {
  readonly of: readonly [version: number, day: number, config: BaselinesAsked["config"]];
  readonly counts: Omit<BaselinesStanding, "roles">;
  readonly normal: ReadonlyMap<string, RoleAndAgent & { readonly numbers: GaugedNumbers }>;
}

/**
 * What gauges show of baselines: read for a scrape, at most once a minute. The baselines themselves
 * are made anew only when something was learned, or a day has begun.
 */
export class BaselineReading {
  readonly #store: BaselineStore;
  #learned: Learned | null = null;
  #last: { readonly at: number; readonly read: Promise<BaselinesStanding> } | null = null;

  constructor(store: BaselineStore) {
    this.#store = store;
  }

  /** Scrapes that come meanwhile wait for the same. */
  async read(asked: BaselinesAsked): Promise<BaselinesStanding> {
    if (this.#last === null || asked.asOf - this.#last.at >= againMs) {
      this.#last = { at: asked.asOf, read: this.#read(asked) };
    }
    try {
      return await this.#last.read;
    } catch (error) {
      this.#last = null;
      throw error;
    }
  }

  async #read({ asOf, config }: BaselinesAsked): Promise<BaselinesStanding> {
    const day = Math.floor(asOf / dayMs);
    const of = [await this.#store.baselinesVersion(), day, config] as const;
    if (!of.every((each, i) => this.#learned?.of[i] === each)) {
      this.#learned = { of, ...(await learnedBy(this.#store, config, day)) };
    }
    const { counts, normal } = this.#learned ?? { counts: nothing, normal: new Map() };
    const sessions = await this.#store.sessionsSince(asOf - dayMs, sessionsMax);
    return { ...counts, roles: rolesOf(normal, sessions) };
  }
}

const nothing = { mature: 0, learning: 0, truncated: 0 };
/** Before anything was read. */
export const noBaselines: BaselinesStanding = { ...nothing, roles: [] };

async function learnedBy(
  store: BaselineStore,
  config: BaselinesAsked["config"],
  day: number,
): Promise<Omit<Learned, "of">> {
  const { memory } = baselineSettings(config);
  const ownOfSubject = ownAsOf(await store.pasts(day - memory.windowDays, day), day, { memory });
  const counts = { ...nothing };
  const normal = new Map<string, RoleAndAgent & { readonly numbers: GaugedNumbers }>();
  for (const { subject } of await store.baselineSubjects()) {
    // One in a turn: nobody waits for all of them.
    await nextTurn();
    const levels = { own: ownOfSubject(subject) };
    const own = ownOf(levels);
    counts[isMature(levels) ? "mature" : "learning"] += 1;
    if (subject.agent === null) continue;
    // People's roles do too much for a day's bounds as a rule: nobody is to be told of those.
    if (isTruncated(own)) counts.truncated += 1;
    normal.set(subjectKey(subject), { ...subject, numbers: numbersOf((of) => own.numbers[of]) });
  }
  return { counts, normal };
}

/** Agents' alone: an account's other roles may be thousands, and are not what is watched. */
function rolesOf(
  normal: Learned["normal"],
  sessions: Awaited<ReturnType<BaselineStore["sessionsSince"]>>,
): readonly RoleStanding[] {
  const lately = new Map<string, (typeof sessions)[number][]>();
  const known = new Map<string, RoleAndAgent & { readonly numbers?: GaugedNumbers }>(normal);
  for (const session of sessions) {
    const key = subjectKey(session.subject);
    const before = lately.get(key);
    if (before === undefined) lately.set(key, [session]);
    else before.push(session);
    if (!known.has(key)) known.set(key, session.subject);
  }
  return [...known].flatMap(([key, { role, agent, numbers }]) => {
    if (agent === null) return [];
    const own = lately.get(key) ?? [];
    return [{
      agent,
      role: role.slice(role.indexOf("/") + 1),
      normal: numbers ?? noNumbers,
      lately: numbersOf((measure) =>
        binned(own.map(({ contribution }) => contribution.traits.numbers[measure]))),
      standings: standingsOf(own.map(({ placing }) => standingName(placing))),
    }];
  });
}

function standingsOf(names: readonly StandingName[]): RoleStanding["standings"] {
  return byStanding((name) => names.filter((each) => each === name).length);
}

function binned(values: readonly number[]): Histogram {
  const bins = new Map<number, number>();
  for (const bin of values.map(binOf)) bins.set(bin, (bins.get(bin) ?? 0) + 1);
  return [...bins].sort(([a], [b]) => a - b);
}
