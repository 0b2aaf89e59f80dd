import { day, hour, minute, second } from "../instant.ts";
import { stream } from "../random.ts";
import type { World } from "../world.ts";
import { impactScripts } from "./impact.ts";
import { impersonationScripts } from "./impersonation.ts";
import type { Incident, Played, Script } from "./incident.ts";
import { permissionScripts } from "./permission.ts";
import { registrationScripts } from "./registration.ts";
import { zombieScripts } from "./zombies.ts";

/** What CloudTrail alone shows. */
export const scripts: readonly Script[] = [
  ...permissionScripts,
  ...impersonationScripts,
  ...impactScripts,
  ...registrationScripts,
];
/** What it shows only to who is told of tasks. */
export const taskScripts: readonly Script[] = zombieScripts;

export interface Selection {
  readonly startAt: number;
  readonly days: number;
  readonly incidents?: "all" | "none" | readonly string[];
}

export interface PlannedIncident {
  readonly at: number;
  /** The same every time it is asked. */
  make(): Pick<Played, "events" | "tasks"> & { readonly incident: Incident };
}

/**
 * Which incidents happen, and when: in working hours, and where there is time after some quiet
 * days.
 */
export function plannedIncidents(
  world: World,
  selection: Selection,
  among: readonly Script[] = [...scripts, ...taskScripts],
): PlannedIncident[] {
  const { days, incidents = "all" } = selection;
  if (incidents === "none" || days < 1) return [];
  const wanted = among.filter(({ id }) => incidents === "all" || incidents.includes(id));
  const firstDay = selection.startAt - (selection.startAt % day);
  const planned = wanted.map((script) => {
    const random = stream(world.seed, "incident time", script.id);
    const ordinary = firstDay + random.between(Math.floor(days * quietRatio), days - 1) * day +
      random.between(8, 16) * hour + random.between(0, 59) * minute;
    const last = firstDay + Math.floor(days) * day - random.between(20, 50) * minute;
    const at = script.isLast === true ? last : ordinary;
    return { at, make: () => play(script, world, at) };
  });
  return planned.sort((a, b) => a.at - b.at);
}

/**
 * Of all days, the first part without incidents: whoever learns what is normal can learn it there.
 */
const quietRatio = 0.3;

function play(script: Script, world: World, at: number) {
  const random = stream(world.seed, "incident", script.id);
  const { entity, events, telling, tasks } = script.play({ world, random, at: at - (at % second) });
  const shown = [...telling].sort((a, b) => a.at - b.at);
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`${script.id} shows nothing.`);
  const incident: Incident = {
    id: script.id,
    rule: script.rule,
    alsoRules: script.alsoRules ?? [],
    entity,
    firstEventAt: first.at,
    lastEventAt: last.at,
    eventIds: shown.map(({ eventId }) => eventId),
    story: script.story,
  };
  return { incident, events, tasks };
}
