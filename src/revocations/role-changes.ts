import type { Session } from "../sessions/session.ts";
import { choicesFor, type Choice } from "./choose.ts";
import { placesFor, standing } from "./choose-place.ts";
import type { Denial } from "./denial.ts";
import { fit, widenings, written, type Fit, type Widening } from "./fit.ts";
import type { Known, Means } from "./known.ts";
import { placeKey, roomIn, seenRole } from "./place.ts";
import type { Concerned, RoleChange } from "./plan.ts";
import { refusalOf, type Refusal, type RefusalName } from "./refusal.ts";
import { roleKey, sameRole } from "./role-name.ts";
import type { RoleSeen } from "./role-gate.ts";
import type { Target } from "./target.ts";

interface Wanted {
  readonly target: Target;
  readonly concerned: Concerned;
  readonly known: Known;
  readonly means: Means;
  readonly from: Widening;
}

interface Made {
  readonly changes: readonly RoleChange[];
  readonly refusals: readonly Refusal[];
}

/** A change for each role in which somebody is meant, or why there is none. */
export function roleChanges(wanted: Wanted): Made {
  const changes: RoleChange[] = [];
  const refusals: Refusal[] = [];
  for (const role of rolesMeant(wanted)) {
    const { change, refused } = roleChange(role, wanted, changes);
    refusals.push(...refused);
    if (change !== null) changes.push(change);
  }
  return { changes: changes.map((change) => inWhole(change, changes, wanted.known)), refusals };
}

/** One issue of a role: made anew under its name, it has another id. */
interface RoleMeant {
  readonly arn: string;
  readonly id: string | null;
  readonly meant: readonly Session[];
}

function rolesMeant({ target, concerned, known }: Wanted): readonly RoleMeant[] {
  const roles = new Map<string, RoleMeant>();
  for (const session of [...concerned.meant, ...concerned.descendants]) {
    const { role } = session;
    if (role === null) continue;
    const key = `${roleKey(role.arn)} ${role.id ?? ""}`;
    const { arn = role.arn, meant = [] } = roles.get(key) ?? {};
    // The longer one tells the path.
    const longer = arn.length >= role.arn.length ? arn : role.arn;
    roles.set(key, { arn: longer, id: role.id, meant: [...meant, session] });
  }
  if (roles.size > 0 || target.kind !== "role") return [...roles.values()];
  // A role may have sessions that no record has told of yet.
  const last = known.sessions.find(({ role }) => role !== null && sameRole(role.arn, target.arn));
  const id = seenRole(known.seen, target.arn)?.id ?? last?.role?.id ?? null;
  return [{ arn: target.arn, id, meant: [] }];
}

interface OneMade {
  readonly change: RoleChange | null;
  readonly refused: readonly Refusal[];
}

function roleChange(role: RoleMeant, wanted: Wanted, before: readonly RoleChange[]): OneMade {
  const { arn, id, meant } = role;
  const { target, concerned, known, means } = wanted;
  const stands = seenRole(known.seen, arn);
  if (id === null || stands === null || (stands !== undefined && stands.id !== id)) {
    return refusedAs("role-unknown", arn, unknown(id, stands));
  }
  const all = [...concerned.meant, ...concerned.descendants];
  const others = concerned.live.filter((session) => !all.includes(session));
  const cutoff = cutoffFor(meant, known.asOf);
  const choices = choicesFor(target, arn, { roleId: id, meant, others, cutoff });
  const refused = choices.flatMap((choice, i) =>
    choice === null ? [unwritable(meant[i]?.id ?? arn)] : []);
  const made = choices.filter((choice) => choice !== null);
  const roleArn = stands?.arn ?? arn;
  const refusal = refusalOf(roleArn, made.map(({ denial }) => denial), means.untouchable);
  if (refusal !== null) return { change: null, refused: [refusal, ...refused] };
  if (made.length === 0) return { change: null, refused };
  const placed = narrowest(made, { roleArn, cutoff, stands, before }, wanted);
  return "name" in placed
    ? { change: null, refused: [placed, ...refused] }
    : { change: placed, refused };
}

interface About {
  readonly roleArn: string;
  readonly cutoff: number;
  /** Undefined: not read. */
  readonly stands: RoleSeen | undefined;
  readonly before: readonly RoleChange[];
}

/** In the place where it has to be widened least; among equals, where the config would have it. */
function narrowest(
  made: readonly Choice[],
  { roleArn, cutoff, stands, before }: About,
  { known: { seen, granted }, means, from }: Wanted,
): RoleChange | Refusal {
  const places = placesFor(roleArn, means, seen).map((choice) => {
    const key = placeKey(choice.place);
    const room = roomIn(choice.place, standing(choice.place, seen, stands));
    const beside = before.filter(({ place }) => placeKey(place) === key);
    const all = [...granted.get(key) ?? [], ...beside.flatMap(({ denials }) => denials)];
    const wanted = made.map(({ denial }) => denial);
    const fitted = room === null ? null : fit(wanted, { room, granted: all, cutoff }, from);
    return { ...choice, room, fitted, key };
  });
  const [best] = places
    .flatMap(({ fitted, ...rest }) => fitted === null ? [] : [{ ...rest, fitted }])
    .sort((a, b) => byWidening(a.fitted, b.fitted));
  if (best === undefined) {
    const [{ room, key } = { room: null, key: roleArn }] = places.slice(-1);
    const because = room === null ? foreignPolicy(key) : noRoom(room.charactersMax);
    return refusal(room === null ? "foreign-policy" : "no-room", roleArn, because);
  }
  const { place, attach, because, fitted } = best;
  return {
    kind: "deny", roleArn, place, attach, ...fitted,
    because: [
      ...reasons(made, fitted, from), ...(because === null ? [] : [`${because} ${inline}`]),
    ],
    isSeen: stands !== undefined,
  };
}

const inline = "So it goes into the role itself.";

function byWidening(a: Fit, b: Fit): number {
  return widenings.indexOf(a.widening) - widenings.indexOf(b.widening);
}

/** The first whole second after this, and after the issue of every credential that is meant. */
function cutoffFor(meant: readonly Session[], asOf: number): number {
  const latest = Math.max(asOf, ...meant.map(({ createdAt }) => createdAt ?? asOf));
  return Math.floor(latest / 1000) * 1000 + 1000;
}

/** One policy holds what several roles need: each change shows the whole of it. */
function inWhole(
  change: RoleChange,
  changes: readonly RoleChange[],
  { granted, seen }: Known,
): RoleChange {
  const key = placeKey(change.place);
  const same = changes.filter(({ place }) => placeKey(place) === key);
  const stands = standing(change.place, seen, seenRole(seen, change.roleArn));
  const room = roomIn(change.place, stands);
  const denials: readonly Denial[] = [
    ...granted.get(key) ?? [], ...same.flatMap((other) => other.denials),
  ];
  const policy = room === null ? null : written(denials, room);
  return policy === null ? change : { ...change, ...policy };
}

function reasons(
  choices: readonly Choice[],
  { widening }: Fit,
  from: Widening,
): readonly string[] {
  const why = [...new Set(choices.map(({ because }) => because))];
  switch (widening) {
    case "none":
      return why;
    case "shared-cutoff":
      return [...why, "There is no room for a cutoff each: all names of the role get this one."];
    case "role-wide":
      return [from === "role-wide"
        ? "It was asked for the whole role."
        : "The policy has no room for another name: the whole role is cut off."];
    default:
      return widening satisfies never;
  }
}

function refusal(name: RefusalName, subject: string, because: string): Refusal {
  return { name, subject, because, scp: null };
}

function refusedAs(...told: Parameters<typeof refusal>): OneMade {
  return { change: null, refused: [refusal(...told)] };
}

function unwritable(subject: string): Refusal {
  const because = "Its names hold what IAM would not take, or would read as a pattern.";
  return refusal("unwritable-name", subject, because);
}

function unknown(id: string | null, stands: RoleSeen | null | undefined): string {
  if (stands === null) return "AWS knows no such role: its sessions can do nothing any more.";
  return id === null
    ? "No record tells its id, and the role was not read."
    : "It was deleted and made anew: the sessions of the old one can do nothing any more.";
}

function foreignPolicy(key: string): string {
  return `What stands as ${key} cannot be read as a policy. Choose another response.policyName.`;
}

function noRoom(charactersMax: number): string {
  return `IAM has ${Math.max(0, charactersMax)} characters left for it, too few for any form. ` +
    "Take policies off, or use response.carrier: managed.";
}
