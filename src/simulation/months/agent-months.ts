import { profiles } from "../agents/profiles.ts";
import { planTask, runTask } from "../agents/task.ts";
import type { Logged } from "../call.ts";
import { hour, second } from "../instant.ts";
import { stream } from "../random.ts";
import type { World } from "../world.ts";
import { workdayOf, type Season } from "./season.ts";

/** What all honest agents leave in the trail on one day of a season, task by task. */
export function* agentDay(
  world: World,
  season: Season,
  dayAt: number,
): Generator<readonly Logged[]> {
  for (const usual of profiles) {
    const workday = workdayOf(season, usual, dayAt);
    if (workday === null) continue;
    const { profile, volume } = workday;
    const count = stream(season.seed, "tasks", profile.name, dayAt)
      .around(profile.tasksPerDay * volume);
    for (let i = 0; i < count; i += 1) {
      const random = stream(season.seed, "task", profile.name, dayAt, i);
      const [from, until] = profile.hours;
      const startAt = dayAt + from * hour +
        random.between(0, (until - from + 1) * 3600 - 1) * second;
      yield runTask(planTask({ world, profile, random, startAt })).events;
    }
  }
}
