import type { Arrival, DueOrigin } from "../sessions/origin-store.ts";
import { dayMs, hourMs, type HeardDay } from "../sessions/origin.ts";
import { heardIn, isHeard, rhythmBefore, type Heard, type Rhythm } from "./origin-rhythm.ts";

/** What no event tells of an origin. Instants in ms UTC. */
export type OriginMoment = Silence | Lag;

interface Spell {
  /** From when on it stands out. */
  readonly at: number;
  /** Null: not over, as far as it is known. */
  readonly overAt: number | null;
  /** When it began. */
  readonly since: number;
}

export interface Silence extends Spell {
  readonly name: "SourceFellSilent";
  /** Hours with events that the weeks before make expect until it stood out. */
  readonly missedHours: number;
  readonly rhythm: Pick<Rhythm, "days" | "missedMost" | "longestHours">;
}

export interface Lag extends Spell {
  readonly name: "SourceLagged";
  /** How late everything was that came until it stood out. */
  readonly lagMs: number;
}

/** So many expected hours have to pass in silence at least: a working day's half, a night's. */
const missedHoursMin = 4;
/** An origin may miss so many times what it ever missed before. */
const missedRatio = 2;
/** What takes longer to stand out is no rhythm. */
const silenceHoursMax = 14 * 24;
/** A clock that goes wrong may write of later; further ahead nothing counts as heard. */
const aheadMs = dayMs;

/** A lag stands out when it held so long, and in so many quarters of an hour. */
const lagHeldMs = hourMs;
const lateQuartersMin = 3;

export interface Listening {
  /** By when silence is judged. */
  readonly by: number;
  /** Silences that began before are nobody's: they may be gaps of an archive. */
  readonly since: number;
  /** Events may be so late. */
  readonly lagObjectiveMs: number;
}

/**
 * What is true of an origin by then, or was last, and when to look again though nothing comes. A
 * function of what was heard in which hour, so that no order, copy or split of it shows.
 */
export function momentOf(
  { days, arrivals }: Pick<DueOrigin, "days" | "arrivals">,
  listening: Listening,
): { readonly moment: OriginMoment | null; readonly dueAt: number | null } {
  const { by, lagObjectiveMs } = listening;
  const countsAt = ({ day }: HeardDay) => day * dayMs - aheadMs;
  const silences = silencesOf(days.filter((day) => countsAt(day) <= by), listening);
  const last = silences.find(({ at }) => at <= by) ?? null;
  const told = [last, lastLag(arrivals, lagObjectiveMs)].filter((moment) => moment !== null);
  const [moment = null] = told.sort((a, b) => rankOf(a) - rankOf(b) || b.at - a.at);
  const turns = [...days.map(countsAt), ...silences.map(({ at }) => at)].filter((at) => at > by);
  return { moment, dueAt: turns.length === 0 ? null : Math.min(...turns) };
}

/** What goes on stands before what is over. */
function rankOf({ overAt }: OriginMoment): number {
  return overAt === null ? 0 : 1;
}

/**
 * The last silence that stood out, and those that will by what is known: each is weighed by the
 * weeks before the day on which it began.
 */
function silencesOf(
  days: readonly HeardDay[],
  { by, since, lagObjectiveMs }: Listening,
): readonly Silence[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const of = { heard: heardIn(days), firstDay: first.day, lagObjectiveMs };
  const from = Math.max(first.day * 24, Math.ceil(since / hourMs) - 1);
  const silences: Silence[] = [];
  let next: number | null = null;
  for (let hour = last.day * 24 + 23; hour >= from; hour -= 1) {
    if (!isHeard(of.heard, hour)) continue;
    const silence = silenceAfter(hour, next, of);
    if (silence !== null) silences.push(silence);
    if (silence !== null && silence.at <= by) break;
    next = hour;
  }
  return silences;
}

/** @param next the hour in which it was heard again */
function silenceAfter(
  hour: number,
  next: number | null,
  { heard, firstDay, lagObjectiveMs }: {
    readonly heard: Heard;
    readonly firstDay: number;
    readonly lagObjectiveMs: number;
  },
): Silence | null {
  const overAt = next === null ? null : next * hourMs;
  // No hour is expected for sure: what is short needs no further look.
  if (next !== null && next - hour <= missedHoursMin) return null;
  const rhythm = rhythmBefore(Math.floor(hour / 24), firstDay, heard);
  if (rhythm === null) return null;
  const { days, missedMost, longestHours, holidayHours } = rhythm;
  const bearable = Math.max(missedHoursMin + holidayHours, missedRatio * missedMost);
  let missedHours = 0;
  for (let each = hour + 1; each <= hour + silenceHoursMax; each += 1) {
    missedHours += rhythm.expects(each);
    if (missedHours < bearable) continue;
    const at = (each + 1) * hourMs + lagObjectiveMs;
    if (overAt !== null && overAt < at) return null;
    return {
      name: "SourceFellSilent", at, overAt, since: (hour + 1) * hourMs, missedHours,
      rhythm: { days, missedMost, longestHours },
    };
  }
  return null;
}

/**
 * The last row of quarters in which nothing came in time, where it stood out: files that come late
 * once are no lag.
 */
function lastLag(arrivals: readonly Arrival[], lagObjectiveMs: number): Lag | null {
  let found: Lag | null = null;
  let late: Arrival[] = [];
  for (const arrival of arrivals) {
    if (arrival.lagMs > lagObjectiveMs) {
      late.push(arrival);
      continue;
    }
    found = lagOf(late, arrival.at) ?? found;
    late = [];
  }
  return lagOf(late, null) ?? found;
}

function lagOf(late: readonly Arrival[], overAt: number | null): Lag | null {
  const since = late[0]?.at ?? 0;
  const i = late.findIndex(({ at }, n) => n + 1 >= lateQuartersMin && at - since >= lagHeldMs);
  const at = late[i]?.at;
  if (at === undefined) return null;
  const lagMs = Math.min(...late.slice(0, i + 1).map((each) => each.lagMs));
  return { name: "SourceLagged", at, overAt, since, lagMs };
}
