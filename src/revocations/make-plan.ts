import type { Session } from "../sessions/session.ts";
import { chainedFrom } from "./chained.ts";
import { doesNotStop, wayBack } from "./consequences.ts";
import { callerOf, denies } from "./denial.ts";
import type { Widening } from "./fit.ts";
import { keyChanges, keysMeant } from "./key-changes.ts";
import type { Known, Means } from "./known.ts";
import { denialEndsAt, endOf, isLive, marginMs } from "./lifetime.ts";
import type { Change, Concerned, HitSession, Plan } from "./plan.ts";
import type { Refusal } from "./refusal.ts";
import { roleChanges } from "./role-changes.ts";
import { isMeant, targetText, type Target } from "./target.ts";

/** @param from the least that it takes, where less did not hold or found no room */
export function planFor(
  target: Target,
  known: Known,
  { from = "none", ...means }: Means & { readonly from?: Widening },
): Plan {
  const { sessions, asOf } = known;
  const live = sessions.filter((session) => isLive(session, asOf));
  const meant = live.filter((session) => isMeant(target, session));
  const concerned: Concerned = { meant, descendants: chainedFrom(meant, live), live };
  const keys = keyChanges(
    keysMeant(target, meant, sessions), known.seen, means.untouchable,
  );
  const roles = roleChanges({ target, concerned, known, means, from });
  const changes: readonly Change[] = [...roles.changes, ...keys.changes];
  const refusals = [...notRoles(concerned), ...roles.refusals, ...keys.refusals];
  const hits = hitsOf(changes, concerned);
  return {
    target, changes, hits,
    refusals: changes.length + refusals.length === 0 ? [nothingLive(target)] : refusals,
    doesNotStop: doesNotStop(changes, { ...concerned, hits }),
    wayBack: changes.map(wayBack),
    ...ends(changes, live, asOf),
  };
}

function nothingLive(target: Target): Refusal {
  return {
    name: "nothing-live",
    subject: targetText(target),
    because: "No session that is known and whose credentials can still be valid fits.",
    scp: null,
  };
}

/** Sessions that no policy of a role reaches, and that no key can be switched off for. */
function notRoles({ meant, descendants }: Concerned): readonly Refusal[] {
  return [...meant, ...descendants]
    .filter(({ role, credentials }) =>
      role === null && !credentials.some(({ kind }) => kind === "long-term"))
    .map(({ id, kind }) => ({
      name: "not-a-role",
      subject: id,
      because: `It is a session of kind ${kind}: no policy of a role reaches it. Of an IAM user, ` +
        "put a deny on the user, with a condition on aws:TokenIssueTime.",
      scp: null,
    }));
}

function hitsOf(
  changes: readonly Change[],
  { meant, descendants, live }: Concerned,
): readonly HitSession[] {
  return live.filter((session) => changes.some((change) => isHit(change, session)))
    .map((session) => ({
      id: session.id,
      name: session.name,
      roleArn: session.role?.arn ?? null,
      agent: session.attribution.agent,
      mode: session.mode.mode,
      as: meant.includes(session)
        ? "meant" : descendants.includes(session) ? "descendant" : "bystander",
      endsAt: endOf(session),
    }));
}

function isHit(change: Change, session: Session): boolean {
  if (change.kind === "deny") {
    return change.denials.some((denial) => denies(denial, callerOf(session)));
  }
  return session.credentials.some(({ accessKeyId }) => accessKeyId === change.accessKeyId);
}

function ends(
  changes: readonly Change[],
  live: readonly Session[],
  asOf: number,
): Pick<Plan, "endsAt" | "removableAt"> {
  if (changes.some(({ kind }) => kind === "key")) return { endsAt: null, removableAt: null };
  const all = changes.flatMap((change) => change.kind === "deny" ? change.denials : []);
  const endsAt = Math.max(asOf, ...all.map((denial) =>
    denialEndsAt(denial, { hit: live.filter((one) => denies(denial, callerOf(one))), asOf })));
  return { endsAt, removableAt: endsAt + marginMs };
}
