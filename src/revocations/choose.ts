import type { Session } from "../sessions/session.ts";
import { callerOf, denies, isWritable, signInSessionOf, type Denial } from "./denial.ts";
import { wholeRole } from "./fit.ts";
import { sameRole } from "./role-name.ts";
import { isMeant, type Target } from "./target.ts";

/** A denial, and why this one. */
export interface Choice {
  readonly denial: Denial;
  readonly because: string;
}

interface Among {
  readonly roleId: string;
  /** Sessions that are meant. */
  readonly meant: readonly Session[];
  /** Those of the same role that live and are not. */
  readonly others: readonly Session[];
  /** ms UTC, a whole second. */
  readonly cutoff: number;
}

/**
 * The denial that takes access from this session and hits the fewest others; among equals, the one
 * that holds longest. Null: nothing of it can stand in a policy.
 */
export function choose(session: Session, { roleId, others, cutoff }: Among): Choice | null {
  const [best] = candidates(session, roleId, cutoff)
    .filter(({ denial }) => isWritable(denial))
    .map((choice) => ({
      choice,
      bystanders: others.filter((other) => denies(choice.denial, callerOf(other))).length,
    }))
    // Stable: candidates come in the order in which they are liked.
    .sort((a, b) => a.bystanders - b.bystanders);
  return best?.choice ?? null;
}

function candidates(session: Session, roleId: string, cutoff: number): readonly Choice[] {
  const { principalId, sourceIdentity } = session;
  const signIn = signInSessionOf(session);
  return [
    ...(signIn === null ? [] : [{
      denial: { roleId, kind: "sign-in-session", value: signIn, issuedBefore: null } as const,
      because: "It has a sign-in session of its own, which people's other sessions do not share.",
    }]),
    ...(sourceIdentity === null ? [] : [{
      denial: {
        roleId, kind: "source-identity", value: sourceIdentity, issuedBefore: cutoff,
      } as const,
      because: "Its source identity was set at issue and cannot be changed, by no role chain.",
    }]),
    ...(principalId === null ? [] : [{
      denial: { roleId, kind: "user-id", value: principalId, issuedBefore: cutoff } as const,
      because: "Role id and session name, with a cutoff, since names come back.",
    }]),
  ];
}

/**
 * The best for each session of a role; one for all that the target means by its name, and for the
 * role that is the target, whether or not a session is known.
 */
export function choicesFor(
  target: Target,
  roleArn: string,
  among: Among,
): readonly (Choice | null)[] {
  const asked = askedOf(target, roleArn, among);
  const { meant } = among;
  if (asked !== null && meant.length === 0) return [asked];
  return meant.map((session) =>
    asked !== null && isMeant(target, session) ? asked : choose(session, among));
}

function askedOf(target: Target, roleArn: string, { roleId, cutoff }: Among): Choice | null {
  if (target.kind === "role" && sameRole(target.arn, roleArn)) {
    return { denial: wholeRole(roleId, cutoff), because: "The whole role was asked for." };
  }
  if (target.kind !== "source-identity") return null;
  const { kind, value } = target;
  const denial = { roleId, kind, value, issuedBefore: cutoff };
  return isWritable(denial) ? { denial, because: "The source identity was asked for." } : null;
}
