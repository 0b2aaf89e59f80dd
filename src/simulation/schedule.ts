import { brokerShift } from "./agents/broker.ts";
import { mcpTask } from "./agents/mcp.ts";
import type { AgentProfile } from "./agents/profile.ts";
import { profiles } from "./agents/profiles.ts";
import { planTask, runTask } from "./agents/task.ts";
import type { Logged } from "./call.ts";
import { day, hour, isWeekend, minute, second } from "./instant.ts";
import { backupRun } from "./noise/long-term-user.ts";
import { personSession } from "./noise/people.ts";
import { backgroundBurst } from "./noise/services.ts";
import type { Random } from "./random.ts";
import { stream } from "./random.ts";
import { isWrapped, tellOf } from "./told.ts";
import type { SimulatedTask } from "./told.ts";
import type { World } from "./world.ts";
import { accounts } from "./world.ts";

/** Something that will happen: when it begins, and what comes of it. */
export interface Plan {
  readonly at: number;
  run(): Happening;
}

export interface Happening {
  /** What it leaves in the trail. */
  readonly events: readonly Logged[];
  /** What the wrapper then tells of. */
  readonly tasks: readonly SimulatedTask[];
}

/** How much of everything there is; 1 and 1 is the ordinary mix. */
export interface Volume {
  readonly agents: number;
  readonly noise: number;
}

/**
 * Records a day, by who causes them, averaged over a month of ordinary volume (measured: 1,311 and
 * 5,363): what a wanted share of agents is reckoned from. A test holds the shares that come of it.
 */
export const recordsPerDay = { agents: 1300, noise: 5400 } as const;

/** The volumes that give `scale` times the ordinary number of records, `share` of them agents'. */
export function volumeOf(scale: number, share: number | null): Volume {
  if (share === null) return { agents: scale, noise: scale };
  const total = scale * (recordsPerDay.agents + recordsPerDay.noise);
  return {
    agents: (total * share) / recordsPerDay.agents,
    noise: (total * (1 - share)) / recordsPerDay.noise,
  };
}

/** Everything that begins on one day, earliest first. */
export function plansOf(world: World, dayAt: number, volume: Volume): Plan[] {
  const plans = [
    ...brokerPlans(world, dayAt),
    ...taskPlans(world, dayAt, volume),
    ...repeated({ world, dayAt, volume }, mcp),
    ...repeated({ world, dayAt, volume }, persons),
    ...repeated({ world, dayAt, volume }, backups),
    ...Object.values(accounts).flatMap((account) =>
      repeated({ world, dayAt, volume }, background(account)),
    ),
  ];
  return plans.sort((a, b) => a.at - b.at);
}

/** Of those, the tasks that are given to agents. */
export function taskPlans(world: World, dayAt: number, volume: Volume): Plan[] {
  return profiles
    .flatMap((profile) => agentPlans({ world, dayAt, volume }, profile))
    .sort((a, b) => a.at - b.at);
}

interface Today {
  readonly world: World;
  readonly dayAt: number;
  readonly volume: Volume;
}

function brokerPlans(world: World, dayAt: number): Plan[] {
  return [0, 6, 12, 18].map((hours) => {
    const at = dayAt + hours * hour;
    return { at, run: () => untold(brokerShift(world, at)) };
  });
}

function untold(events: readonly Logged[]): Happening {
  return { events, tasks: [] };
}

function agentPlans(today: Today, profile: AgentProfile): Plan[] {
  const { world, dayAt } = today;
  const { name, tasksPerDay, weekendRatio, hours, schedule } = profile;
  const given = (startAt: number, random: Random): Happening => {
    const task = planTask({ world, profile, random, startAt });
    const done = runTask(task);
    return { events: done.events, tasks: isWrapped(task) ? [tellOf(task, done)] : [] };
  };
  if (schedule !== undefined) {
    return schedule.map((hours) => {
      const at = dayAt + hours * hour;
      return { at, run: () => given(at, stream(world.seed, name, at)) };
    });
  }
  return repeated(today, {
    name,
    isAgent: true,
    perDay: tasksPerDay,
    weekendRatio,
    hours,
    run: given,
  });
}

/** Something that happens several times a day, each time by itself. */
interface Routine {
  readonly name: string;
  readonly isAgent: boolean;
  readonly perDay: number;
  readonly weekendRatio: number;
  readonly hours: readonly [number, number];
  readonly run: (at: number, random: Random, world: World) => Happening;
}

const mcp: Routine = {
  name: "mcp-assistant",
  isAgent: true,
  perDay: 3,
  weekendRatio: 0.1,
  hours: [8, 16],
  run: (at, random, world) => untold(mcpTask(world, random, at)),
};

const persons: Routine = {
  name: "people",
  isAgent: false,
  perDay: 46,
  weekendRatio: 0.12,
  hours: [6, 18],
  run: (at, random, world) => untold(personSession(world, random, at)),
};

const backups: Routine = {
  name: "backup",
  isAgent: false,
  perDay: 1,
  weekendRatio: 1,
  hours: [2, 2],
  run: (at, random, world) => untold(backupRun(world, random, at)),
};

function background(account: string): Routine {
  return {
    name: `background ${account}`,
    isAgent: false,
    perDay: 63,
    weekendRatio: 0.85,
    hours: [0, 23],
    run: (at, random, world) => untold(backgroundBurst({ world, account, random, at })),
  };
}

/**
 * Each occurrence has a stream of its own, so that more of them, or fewer, leaves the others as
 * they are.
 */
function repeated({ world, dayAt, volume }: Today, routine: Routine): Plan[] {
  const { name, perDay, weekendRatio, hours, run } = routine;
  const ofDay = isWeekend(dayAt) ? weekendRatio : 1;
  const factor = ofDay * (routine.isAgent ? volume.agents : volume.noise);
  const [from, until] = hours;
  const count = stream(world.seed, "count", name, dayAt).around(perDay * factor);
  return Array.from({ length: count }, (_, i) => {
    const random = stream(world.seed, name, dayAt, i);
    const at = dayAt + from * hour + random.between(0, (until - from + 1) * 3600 - 1) * second;
    const startAt = Math.min(at, dayAt + day - minute);
    return { at: startAt, run: () => run(startAt, random, world) };
  });
}
