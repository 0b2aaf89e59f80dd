import type { Config } from "../config/schema.ts";
import { readArn } from "../events/arn.ts";
import type { TrailEvent } from "../events/event.ts";
import { compileRoleGlob } from "../sessions/agent-matchers.ts";
import type { Glob } from "../sessions/glob.ts";
import type { IssuedCredential, Lifetime } from "../sessions/lifetimes.ts";
import type { Session } from "../sessions/session.ts";
import { identityKey } from "./identity-key.ts";
import type { Observed, ObservedAction } from "./observed.ts";
import { SeenSessions } from "./seen-sessions.ts";
import type { AgentSubject } from "./subject.ts";

/** What is gathered of a role or user. */
interface Seen {
  /** With its path where any record told it. */
  arn: string;
  readonly actions: Map<string, { allowedCount: number; deniedCount: number; lastAt: number }>;
  /** Actions were left out. */
  isCut: boolean;
  readonly agents: Set<string>;
  readonly sums: Sums;
}

interface Sums {
  lastSessionAt: number | null;
  humanSessionCount: number;
  longestTaskSeconds: number | null;
  outlivedTaskCount: number;
  longestOutlivedSeconds: number;
}

interface Watched {
  from: number;
  until: number;
  readonly dataServices: Set<string>;
}

/**
 * Bounds for the odd and the hostile: some accounts' worth of roles and users (IAM's quota is 5,000
 * of each), a hundred actions of each; together about 100 MB.
 */
export const historyLimits = { identities: 20_000, actions: 500_000, rolesOfAgent: 20 };

/** What our own history tells of roles, users and agents: noted in any order, then asked. */
export class History {
  readonly #isWhole: boolean;
  readonly #config: Pick<Config, "agents">;
  readonly #ofAgents: readonly Glob[];
  readonly #accounts = new Map<string, Watched>();
  readonly #identities = new Map<string, Seen>();
  readonly sessions = new SeenSessions();
  readonly #agents = new Map<string, { lastSeenAt: number; readonly roleArns: Set<string> }>();
  #actionCount = 0;
  #isFull = false;

  /** @param isWhole false: only what may be an agent's was taken in; all that declared roles did */
  constructor(config: Pick<Config, "agents">, isWhole: boolean) {
    this.#isWhole = isWhole;
    this.#config = config;
    this.#ofAgents = config.agents.flatMap(({ roles }) => roles.map(compileRoleGlob));
  }

  noteEvent(event: TrailEvent): void {
    const { account, at, principal, category, service } = event;
    if (account !== null) {
      const watched = this.#watched(account, at);
      watched.from = Math.min(watched.from, at);
      watched.until = Math.max(watched.until, at);
      if (category === "Data") watched.dataServices.add(service);
    }
    // What is called in another account is told to both; the caller's own copy counts.
    if (!isCall(event) || (principal.account ?? account) !== account) return;
    const seen = this.#seen(arnOf(principal));
    if (seen !== null) this.#noteAction(seen, event);
  }

  noteSession(session: Session): void {
    this.sessions.note(session);
    const { lastAt, attribution: { agent }, role } = session;
    if (agent !== null) {
      const known = this.#agents.get(agent) ?? { lastSeenAt: lastAt, roleArns: new Set() };
      known.lastSeenAt = Math.max(known.lastSeenAt, lastAt);
      if (role !== null && known.roleArns.size < historyLimits.rolesOfAgent) {
        known.roleArns.add(role.arn);
      }
      this.#agents.set(agent, known);
    }
    const seen = this.#seen(arnOf(session));
    if (seen === null) return;
    const { sums } = seen;
    sums.lastSessionAt = Math.max(sums.lastSessionAt ?? lastAt, lastAt);
    if (agent !== null) seen.agents.add(agent);
    else if (isOfPerson(session)) sums.humanSessionCount += 1;
  }

  /** A task that had credentials of a role. */
  noteTask(roleArn: string, seconds: number): void {
    const sums = this.#seen(roleArn)?.sums;
    if (sums !== undefined) {
      sums.longestTaskSeconds = Math.max(sums.longestTaskSeconds ?? 0, seconds);
    }
  }

  /** Of an agent; what belongs to no task that is known outlives none. */
  noteCredential({ roleArn, taskId }: IssuedCredential, { zombieSeconds }: Lifetime): void {
    const seconds = Math.round(zombieSeconds ?? 0);
    if (taskId === null || seconds === 0) return;
    const sums = this.#seen(roleArn)?.sums;
    if (sums === undefined) return;
    sums.outlivedTaskCount += 1;
    sums.longestOutlivedSeconds = Math.max(sums.longestOutlivedSeconds, seconds);
  }

  /** Of a role or user, whatever its path; null: nothing is known of its account. */
  observed(arn: string): Observed | null {
    const watched = this.#accounts.get(accountOf(arn));
    if (watched === undefined) return null;
    const seen = this.#identities.get(identityKey(arn));
    const isKept = this.#isWhole || this.#ofAgents.some((matches) => matches(arn));
    const { sums, isCut, actions, agents } = seen ?? seenOf(arn, this.#isFull);
    return {
      ...watched, ...sums, isWhole: isKept && !isCut, agents: [...agents].sort(),
      actions: [...actions].map(([action, counts]): ObservedAction => ({ action, ...counts })),
    };
  }

  /** Those that are watched. */
  accounts(): readonly string[] {
    return [...this.#accounts.keys()].sort();
  }

  /** From the first to the last that is known; null: nothing is. */
  watchedTime(): { readonly from: number; readonly until: number } | null {
    const all = [...this.#accounts.values()];
    return all.length === 0 ? null : {
      from: all.reduce((first, { from }) => Math.min(first, from), Infinity),
      until: all.reduce((last, { until }) => Math.max(last, until), -Infinity),
    };
  }

  /** ARNs of roles of an account that were seen, with their paths where they are known. */
  rolesOf(account: string): readonly string[] {
    return [...this.#identities.values()].map(({ arn }) => arn)
      .filter((arn) => accountOf(arn) === account && readArn(arn)?.resource.startsWith("role/"))
      .sort();
  }

  /** Declared ones, seen or not, and all that were seen. */
  agents(): readonly AgentSubject[] {
    const declared = new Set(this.#config.agents.map(({ name }) => name));
    const watchedFrom = this.watchedTime()?.from ?? null;
    return [...new Set([...declared, ...this.#agents.keys()])].sort().map((name) => {
      const seen = this.#agents.get(name);
      return {
        name, watchedFrom, isDeclared: declared.has(name),
        lastSeenAt: seen?.lastSeenAt ?? null, roleArns: [...seen?.roleArns ?? []].sort(),
      };
    });
  }

  #watched(account: string, at: number): Watched {
    const known = this.#accounts.get(account) ?? { from: at, until: at, dataServices: new Set() };
    this.#accounts.set(account, known);
    return known;
  }

  #seen(arn: string | null): Seen | null {
    if (arn === null) return null;
    const key = identityKey(arn);
    const known = this.#identities.get(key);
    if (known !== undefined) {
      if (arn.length > known.arn.length) known.arn = arn;
      return known;
    }
    this.#isFull ||= this.#identities.size >= historyLimits.identities;
    if (this.#isFull) return null;
    const seen = seenOf(arn, false);
    this.#identities.set(key, seen);
    return seen;
  }

  #noteAction(seen: Seen, { action, result, at }: TrailEvent): void {
    const known = seen.actions.get(action);
    if (known === undefined && this.#actionCount >= historyLimits.actions) {
      seen.isCut = true;
      return;
    }
    const counts = known ?? { allowedCount: 0, deniedCount: 0, lastAt: at };
    // What failed for another reason was allowed.
    counts[result.outcome === "denied" ? "deniedCount" : "allowedCount"] += 1;
    counts.lastAt = Math.max(counts.lastAt, at);
    if (known !== undefined) return;
    seen.actions.set(action, counts);
    this.#actionCount += 1;
  }
}

function seenOf(arn: string, isCut: boolean): Seen {
  return {
    arn, isCut, actions: new Map(), agents: new Set(),
    sums: {
      lastSessionAt: null, humanSessionCount: 0, longestTaskSeconds: null, outlivedTaskCount: 0,
      longestOutlivedSeconds: 0,
    },
  };
}

/** Signing in, what a tool does, and what a service tells of itself need no permission. */
function isCall({ type }: TrailEvent): boolean {
  return type === null || type === "AwsApiCall" || type === "AwsConsoleAction";
}

/** A role session's role, or a user. */
function arnOf({ kind, role, arn }: Pick<Session, "kind" | "arn"> & {
  readonly role: { readonly arn: string } | null;
}): string | null {
  return role?.arn ?? (kind === "iam-user" ? arn : null);
}

function accountOf(arn: string): string {
  return readArn(arn)?.account ?? "";
}

function isOfPerson({ anchor, mfa, issuance, role, userAgentFamilies }: Session): boolean {
  if (anchor === "console" || anchor === "sign-in-session" || mfa === true) return true;
  return issuance?.kind === "saml" || userAgentFamilies.includes("console") ||
    role?.name.startsWith("AWSReservedSSO_") === true;
}
