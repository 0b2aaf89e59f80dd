import type { AgentProfile } from "../agents/profile.ts";
import { steady } from "../agents/route.ts";
import { day, isWeekend } from "../instant.ts";
import type { OperationName } from "../operations/catalogue.ts";
import { operations } from "../operations/catalogue.ts";
import type { Random } from "../random.ts";
import { stream, Weighted } from "../random.ts";
import { regions } from "../world.ts";

/**
 * What changes in an honest agent's work over months: what a detector must not take for an attack.
 */
export interface Season {
  readonly seed: string;
  /** Midnights, UTC. */
  readonly firstDay: number;
  readonly days: number;
}

/** How one agent works on one day; null while it is not there yet. */
export interface Workday {
  readonly profile: AgentProfile;
  /** Multiples of its usual number of tasks. */
  readonly volume: number;
}

export function workdayOf(season: Season, profile: AgentProfile, dayAt: number): Workday | null {
  const { seed, firstDay } = season;
  if (dayAt < firstDay + startDayOf(season, profile) * day) return null;
  const isBusy = isDeployDay(season, dayAt);
  const volume = isHoliday(season, dayAt) ? 0.1 : isBusy ? 2 : 1;
  const [least, most] = profile.calls;
  const spread = stream(seed, "load", profile.name, dayAt).logNormal(1, 0.15) * (isBusy ? 1.3 : 1);
  return {
    volume: volume * (isWeekend(dayAt) ? profile.weekendRatio : 1),
    profile: {
      ...profile,
      calls: [Math.max(2, Math.round(least * spread)), Math.round(most * spread)],
      operations: new Weighted([
        ...drifted(season, profile, dayAt),
        ...projectsOf(season, profile).flatMap((project) =>
          dayAt >= project.from && dayAt < project.until ? project.operations : []),
      ]),
      regions: new Weighted([
        ...profile.regions.weights,
        ...projectsOf(season, profile).flatMap(({ from, until, region }) =>
          region !== null && dayAt >= from && dayAt < until ? [[region, 1] as const] : []),
      ]),
      route: hasMoved(season, profile, dayAt)
        ? (random) => steady("agents-nat-b", random)
        : profile.route,
    },
  };
}

/** One agent in six comes while the others have long been there. */
function startDayOf({ seed, days }: Season, { name }: AgentProfile): number {
  const random = stream(seed, "begins", name);
  return random.chance(1 / 6) ? Math.floor(days * (0.3 + 0.4 * random.ratio())) : 0;
}

/** Every second Wednesday. */
function isDeployDay({ firstDay }: Season, dayAt: number): boolean {
  const weekday = (Math.floor(dayAt / day) + 3) % 7;
  return weekday === 2 && Math.floor((dayAt - firstDay) / (7 * day)) % 2 === 1;
}

/** Three days in a row, once or twice. */
function isHoliday({ seed, firstDay, days }: Season, dayAt: number): boolean {
  const random = stream(seed, "holidays");
  const starts = [random.between(5, days - 5), random.between(5, days - 5)];
  const index = Math.floor((dayAt - firstDay) / day);
  return starts.some((start) => index >= start && index < start + 3);
}

/** Each habit grows or shrinks from week to week, by a quarter or so. */
function drifted(
  { seed, firstDay }: Season,
  { name, operations: habits }: AgentProfile,
  dayAt: number,
): readonly (readonly [OperationName, number])[] {
  const weeks = Math.floor((dayAt - firstDay) / (7 * day));
  return habits.weights.map(([operation, weight]) => {
    let factor = 1;
    for (let week = 1; week <= weeks; week += 1) {
      factor *= stream(seed, "drift", name, operation, week).logNormal(1, 0.12);
    }
    return [operation, weight * factor] as const;
  });
}

interface Project {
  readonly from: number;
  readonly until: number;
  readonly operations: readonly (readonly [OperationName, number])[];
  readonly region: string | null;
}

/** Something new to work on, about every five weeks: a few more operations, at times a region. */
function projectsOf({ seed, firstDay, days }: Season, profile: AgentProfile): readonly Project[] {
  const random = stream(seed, "projects", profile.name);
  const projects: Project[] = [];
  for (let at = random.exponential(35); at < days; at += random.exponential(35)) {
    const from = firstDay + Math.floor(at) * day;
    const total = profile.operations.weights.reduce((sum, [, weight]) => sum + weight, 0);
    const names = Array.from({ length: random.between(2, 5) }, () => newOperation(profile, random));
    const region = random.chance(0.15) ? random.pick(regions) : null;
    projects.push({
      from,
      until: from + random.between(7, 60) * day,
      operations: names.map((name) => [name, total * 0.03] as const),
      region,
    });
  }
  return projects;
}

/** Readers stay readers. */
function newOperation({ mode }: AgentProfile, random: Random): OperationName {
  const names = (Object.keys(operations) as OperationName[])
    .filter((name) => operations[name].readOnly || mode === "readwrite");
  return random.pick(names);
}

/** One agent in ten gets another way out to the internet. */
function hasMoved(season: Season, { name }: AgentProfile, dayAt: number): boolean {
  const { seed, firstDay, days } = season;
  const random = stream(seed, "moves", name);
  return random.chance(0.1) && dayAt >= firstDay + Math.floor(days * random.ratio()) * day;
}
