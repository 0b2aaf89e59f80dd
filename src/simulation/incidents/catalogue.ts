import type { Logged } from "../call.ts";
import { day, hour, minute, second } from "../instant.ts";
import { stream } from "../random.ts";
import type { World } from "../world.ts";
import { impactScripts } from "./impact.ts";
import { impersonationScripts } from "./impersonation.ts";
import type { Incident, Script } from "./incident.ts";
import { permissionScripts } from "./permission.ts";

export const scripts: readonly Script[] = [
  ...permissionScripts,
  ...impersonationScripts,
  ...impactScripts,
];

export interface Selection {
  readonly startAt: number;
  readonly days: number;
  readonly incidents?: "all" | "none" | readonly string[];
}

export interface PlannedIncident {
  readonly at: number;
  /** The same every time it is asked. */
  make(): { readonly incident: Incident; readonly events: readonly Logged[] };
}

/**
 * Which incidents happen, and when: in working hours, and where there is time after some quiet
 * days.
 */
export function plannedIncidents(world: World, selection: Selection): PlannedIncident[] {
  const { days, incidents = "all" } = selection;
  if (incidents === "none" || days < 1) return [];
  const wanted = scripts.filter(({ id }) => incidents === "all" || incidents.includes(id));
  const firstDay = selection.startAt - (selection.startAt % day);
  const planned = wanted.map((script) => {
    const random = stream(world.seed, "incident time", script.id);
    const dayAt = firstDay + random.between(Math.floor(days * quietRatio), days - 1) * day;
    const at = dayAt + random.between(8, 16) * hour + random.between(0, 59) * minute;
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
  const { entity, events, telling } = script.play({ world, random, at: at - (at % second) });
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
  return { incident, events };
}
