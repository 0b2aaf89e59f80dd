import type { Config } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import type { Normalise } from "../events/normalise.ts";
import { factLookup } from "../facts/catalogue.ts";
import type { FactContext } from "../facts/fact.ts";
import { momentSource } from "../facts/moment-facts.ts";
import type { Credential } from "../sessions/session.ts";
import type { DueTask, HeldCredential } from "../sessions/task-store.ts";
import { tieTo } from "../sessions/task-tie.ts";
import type { Task } from "../sessions/task.ts";
import type { FindingPart } from "./finding.ts";
import { mergeByFinding } from "./merge.ts";
import { claimOf, partOf } from "./part.ts";
import type { RuleBook } from "./rule-book.ts";
import { trueBy, type TaskMoment, type TaskUse } from "./task-moments.ts";

/** The group whose parts are a task's: judged anew as a whole whenever something of it changes. */
export function taskGroupKey(taskId: string): string {
  return `task:${taskId}`;
}

/** Those of an agent as a whole. */
export function agentGroupKey(agent: string): string {
  return `agent:${agent}`;
}

/** Whose credentials a moment is about. */
export interface Holder {
  readonly agent: string;
  /** Null where it is about all of the agent's. */
  readonly task: Task | null;
}

interface Laws {
  readonly rules: RuleBook;
  readonly config: Config;
  readonly normalise: Normalise;
}

/** What the rules about tasks say of what is true by `asOf`, ms UTC. */
export function judgeMoments(
  holder: Holder,
  moments: readonly TaskMoment[],
  { rules, config, normalise, asOf }: Laws & { readonly asOf: number },
): readonly FindingPart[] {
  if (rules.ofTasks.length === 0) return [];
  const parts = trueBy(moments, asOf).flatMap((moment) => {
    const event = eventOf(holder, moment, { config, normalise });
    const facts: FactContext = {
      ...usedIn(holder, moment), event, compared: null, issued: null, toolCall: null, config, asOf,
    };
    const subject = { record: event.record, fact: factLookup(facts) };
    return rules.ofTasks.filter(({ matches }) => matches(subject)).map((detection): FindingPart => {
      const claim = claimOf(detection, facts, subject);
      const part = partOf(claim, detection, { facts, subject });
      return { ...part, ...whose(part, holder, moment), ...when(moment) };
    });
  });
  return mergeByFinding(parts);
}

/** No call happened: nothing is counted, and there is nothing to look at. */
function when({ overAt }: TaskMoment): Pick<FindingPart, "eventCount" | "evidence" | "overAt"> {
  return { eventCount: 0, evidence: [], ...(overAt === null ? {} : { overAt }) };
}

/** As it was told, where no session is seen. */
function whose(
  part: FindingPart,
  { agent, task }: Holder,
  { of: { roleArn } }: TaskMoment,
): Pick<FindingPart, "agent" | "role"> {
  return {
    agent: part.agent ?? { name: agent, basis: "task" },
    role: part.role ?? (roleArn === null ? null : { arn: roleArn, mode: task?.mode ?? "unknown" }),
  };
}

/** What is known of a task's credentials: as told, and as seen. */
export function useOf({ task, sessions }: Pick<DueTask, "task" | "sessions">): TaskUse {
  const seen = new Map(sessions.flatMap((session) => session.credentials
    .filter(({ tasks }) => tasks.some(({ id, by }) => id === task.id && by !== "name"))
    .map((credential) => [credential.accessKeyId, { session, credential }] as const)));
  const told = new Map(task.credentials.map((each) => [each.accessKeyId, each]));
  const keys = [...new Set([...told.keys(), ...seen.keys()])].sort();
  const credentials = keys.map((accessKeyId): HeldCredential => {
    const [said, used] = [told.get(accessKeyId), seen.get(accessKeyId) ?? null];
    const issuedAt = said?.issuedAt ?? used?.credential.issuance?.at ?? used?.credential.firstAt;
    return {
      accessKeyId,
      roleArn: used?.session.role?.arn ?? said?.roleArn ?? null,
      issuedAt: issuedAt ?? task.startedAt,
      // AWS's own word on it before that of who asked.
      expiresAt: used?.credential.expiresAt ?? said?.expiresAt ?? null,
      seen: used,
    };
  });
  return { task, credentials };
}

function usedIn({ task }: Holder, { of }: TaskMoment): Pick<FactContext, "session" | "credential"> {
  const credential = of.seen?.credential ?? unseen(of);
  const tasks = task === null ? [] : [tieTo(task, "access-key")];
  return {
    session: of.seen?.session ?? null,
    credential: { ...credential, expiresAt: of.expiresAt, tasks },
  };
}

function unseen({ accessKeyId, issuedAt, expiresAt }: HeldCredential): Credential {
  return {
    accessKeyId, kind: "temporary", issuance: null, expiresAt, firstAt: issuedAt, lastAt: issuedAt,
    useCount: 0, networks: [], userAgents: [], credentialSources: [], tasks: [],
  };
}

/** A moment as rules read it: see `facts/moment-facts.ts`. */
function eventOf(
  { agent, task }: Holder,
  { name, at, of, liveCount }: TaskMoment,
  { config, normalise }: Pick<Laws, "config" | "normalise">,
): TrailEvent {
  const graceEndsAt = (task?.endedAt ?? Infinity) + config.tasks.graceSeconds * 1000;
  const normalised = normalise({
    eventVersion: "1.11",
    eventID: `${name} ${task?.id ?? agent} ${of.accessKeyId}`,
    eventTime: new Date(at).toISOString(),
    eventSource: momentSource,
    eventName: name,
    userIdentity: { type: "AWSService", invokedBy: momentSource },
    recipientAccountId: of.roleArn?.split(":")[4] ?? null,
    name,
    agent,
    task: task?.externalId ?? null,
    holder: task === null ? `agent ${agent}` : `task ${task.externalId} of ${agent}`,
    credential: of.accessKeyId,
    role_arn: of.roleArn,
    issued_at: new Date(of.issuedAt).toISOString(),
    expires_at: of.expiresAt === null ? null : new Date(of.expiresAt).toISOString(),
    live_credentials: liveCount,
    is_used_after_task: (of.seen?.credential.lastAt ?? -Infinity) > graceEndsAt,
  });
  if ("event" in normalised) return normalised.event;
  throw new Error(`A moment of a task is no event: ${normalised.rejected.detail}`);
}
