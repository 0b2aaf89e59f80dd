import { createHash } from "node:crypto";
import type { ApprovalPolicy, ResponseConfig } from "../config/schema.ts";
import { matchesGlob } from "../sessions/glob.ts";
import { awaitedVersion, personOf, standingVersion, stateOf } from "./life-cycle.ts";
import { changeKey } from "./place.ts";
import type { Plan } from "./plan.ts";
import type { Decision, PlanVersion, Revocation, Trigger } from "./revocation.ts";

/** Where nothing is declared, one person: whoever asks for it, if it is a person. */
const peopleByDefault = 1;

/** A plan as it is put before people. */
export function versionOf(
  plan: Plan,
  trigger: Trigger,
  { at, policies }: { readonly at: number; readonly policies: readonly ApprovalPolicy[] },
): PlanVersion {
  return { plan, at, digest: digestOf(plan), people: peopleFor(plan, trigger, policies) };
}

/** Of what is done and to whom: a plan that does more needs its own yes. */
function digestOf({ changes, hits }: Plan): string {
  const what = changes.map((change) => change.kind === "deny"
    ? [changeKey(change), change.denials]
    : [changeKey(change)]);
  const whom = hits.map(({ id }) => id);
  return createHash("sha256").update(JSON.stringify([what, whom])).digest("hex").slice(0, 16);
}

/** How many people have to say yes: by the first policy that fits. */
export function peopleFor(
  plan: Plan,
  trigger: Trigger,
  policies: readonly ApprovalPolicy[],
): number {
  return policies.find((policy) => fits(policy, plan, trigger))?.people ?? peopleByDefault;
}

/** Every session that is hit must be one of those; where none is known, none is. */
function fits(policy: ApprovalPolicy, { hits }: Plan, { by, rule, level }: Trigger): boolean {
  const { askedBy, rules, levels, agents, modes } = policy;
  const oneOf = (globs: readonly string[], text: string | null) =>
    text !== null && globs.some((glob) => matchesGlob(glob, text));
  if (askedBy.length > 0 && !askedBy.includes(by)) return false;
  if (rules.length > 0 && !oneOf(rules, rule)) return false;
  if (levels.length > 0 && (level === null || !levels.includes(level))) return false;
  if (agents.length + modes.length > 0 && hits.length === 0) return false;
  return hits.every(({ agent, mode }) =>
    (agents.length === 0 || oneOf(agents, agent)) && (modes.length === 0 || modes.includes(mode)));
}

/** What becomes of somebody's yes or no. A closed set: the API answers by it. */
export type Answer =
  | "counts"
  | "other-version" // it was planned anew since
  | "same-person" // who has said yes already, or asked for it
  | "not-awaited"; // nothing waits for it any more

/** Whether this yes counts. ms UTC. */
export function judgeYes(
  revocation: Revocation,
  said: { readonly by: string; readonly digest: string; readonly at: number },
): Answer {
  const awaited = awaitedVersion(revocation, said.at);
  if (awaited === null) return "not-awaited";
  if (awaited.digest !== said.digest) return "other-version";
  const before = revocation.approvals.filter(({ digest }) => digest === said.digest);
  return before.some(({ by }) => personOf(by) === personOf(said.by)) ? "same-person" : "counts";
}

/** What was hit within the last hour. */
export interface Spent {
  readonly sessions: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
}

const hourMs = 3_600_000;

export function spentBy(revocations: readonly Revocation[], asOf: number): Spent {
  const recent = revocations.filter(({ releasedAt }) =>
    releasedAt !== null && releasedAt > asOf - hourMs);
  const plans = recent.flatMap((revocation) => standingVersion(revocation)?.plan ?? []);
  return { sessions: new Set(plans.flatMap(sessionsOf)), roles: new Set(plans.flatMap(rolesOf)) };
}

function sessionsOf({ hits }: Plan): readonly string[] {
  return hits.map(({ id }) => id);
}

function rolesOf({ changes }: Plan): readonly string[] {
  return changes.map((change) => change.kind === "deny" ? change.roleArn : changeKey(change));
}

/** Whether a revocation may be carried out now, and why not. */
export type Release =
  | { readonly kind: "now" }
  | { readonly kind: "wait"; readonly for: ReleaseWait; readonly because: string };
export const releaseWaits = ["enabled", "resume", "approval", "hour"] as const;
export type ReleaseWait = (typeof releaseWaits)[number];

export interface Around {
  readonly config: Pick<ResponseConfig, "enabled" | "hourlyMax">;
  /** The off-switch; null: it is on. */
  readonly paused: Decision | null;
  readonly spent: Spent;
  /** ms UTC. */
  readonly asOf: number;
}

/** In this order: what nobody may do, then what somebody has stopped, then what is missing. */
export function judgeRelease(revocation: Revocation, around: Around): Release {
  const { config, paused, spent, asOf } = around;
  const wait = (what: ReleaseWait, because: string): Release =>
    ({ kind: "wait", for: what, because });
  if (!config.enabled) {
    return wait("enabled", "response.enabled is false: plans are shown, and nothing is changed.");
  }
  if (paused !== null) {
    return wait("resume", `${paused.by} has paused all responses: ${paused.reason}`);
  }
  const version = standingVersion(revocation);
  if (version === null || stateOf(revocation, asOf) !== "approved") {
    const people = revocation.versions.at(-1)?.people ?? 0;
    return wait("approval", `It takes the yes of ${people} ${people === 1 ? "person" : "people"}.`);
  }
  const over = overHour(version.plan, spent, config.hourlyMax);
  return over === null ? { kind: "now" } : wait("hour", over);
}

function overHour(
  plan: Plan,
  spent: Spent,
  max: ResponseConfig["hourlyMax"],
): string | null {
  for (const [what, ids] of [["sessions", sessionsOf(plan)], ["roles", rolesOf(plan)]] as const) {
    const count = new Set([...spent[what], ...ids]).size;
    if (count > max[what]) {
      return `${count} ${what} would be hit within an hour; response.hourlyMax.${what} is ` +
        `${max[what]}.`;
    }
  }
  return null;
}
