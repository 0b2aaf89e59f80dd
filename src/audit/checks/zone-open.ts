import { actionsInZone, denialOf } from "../zone-reach.ts";
import { counted, failed, passed, policy, unreadPolicies, type RoleCheck } from "../verdict.ts";

/** Enough to see what it is about. */
const toldMax = 20;

/** A zone that the config forbids to an agent, and its role's policies do not. */
export const zoneOpen: RoleCheck = {
  name: "zone-open",
  title: "Policies let an agent into a zone that is forbidden to it",
  level: "high",
  judge: ({ permissions, account, forbiddenZones }) => {
    if (forbiddenZones.length === 0) return passed("No zone is forbidden to it.");
    const open = forbiddenZones
      .map((zone) => ({ zone, actions: actionsInZone(permissions, zone, account) }))
      .filter(({ actions }) => actions.length > 0);
    const names = (zones: readonly { readonly name: string }[]) =>
      zones.map(({ name }) => name).join(", ");
    if (open.length === 0) {
      return unreadPolicies(permissions) ??
        passed(`It may do nothing in ${names(forbiddenZones)}.`);
    }
    const because = open.map(({ zone, actions }) =>
      `It may do ${counted(actions.length, "action")} in ${zone.name}, such as ${
        actions[0] ?? ""}.`);
    return failed(
      because.join(" "),
      {
        zones: open.map(({ zone }) => zone.name),
        actions: open.flatMap(({ actions }) => actions).slice(0, toldMax),
      },
      policy(open.map(({ zone }) => denialOf(zone))),
    );
  },
};
