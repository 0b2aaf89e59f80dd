import { taskIdOf, type Task as GivenTask, type TaskCredential } from "../sessions/task.ts";
import type { TaskNews, TaskStart } from "../sessions/task-told.ts";
import type { AgentProfile } from "./agents/profile.ts";
import type { Done, Task } from "./agents/task.ts";
import type { Issued } from "./caller.ts";
import { minute, second } from "./instant.ts";
import { stream } from "./random.ts";
import type { Random } from "./random.ts";

/** A task as the wrapper tells of it, and what is true of its credentials. */
export interface SimulatedTask {
  readonly start: TaskStart & Pick<AgentProfile, "mode">;
  /** In order of time. */
  readonly news: readonly ToldNews[];
  readonly truth: TaskTruth;
}
/** Silence is nothing that anybody tells. */
export type ToldNews = Exclude<TaskNews, { readonly kind: "silence" }>;

/** What a warden should say of a task. Instants in ms UTC. */
export type TaskTruth = Pick<TaskStart, "id" | "externalId" | "agent" | "startedAt"> & {
  /** Of a lost one: its last sign of life, and as long as the next one was waited for. */
  readonly endedAt: number;
  readonly outcome: GivenTask["outcome"];
  readonly credentials: readonly CredentialTruth[];
};

/** `issuedSeconds` is the sum of the two others. */
export type CredentialTruth = TaskCredential & {
  /** Told of, or opened by a session of one that was. */
  readonly by: "access-key" | "chain";
  readonly issuedSeconds: number;
  /** From its issue to the end of its task, or its own. */
  readonly neededSeconds: number;
  /** From the later of its issue and the task's end to its expiry. */
  readonly zombieSeconds: number;
};

/** How a task is told of, where that is not as of an ordinary one. */
export interface Telling {
  readonly mode?: AgentProfile["mode"];
  readonly expectedSeconds?: number;
  /** ms UTC. */
  readonly endAt?: number;
  /** ms UTC: signs of life stop, and nobody tells of an end. */
  readonly silentFrom?: number;
}

/** Signs of life come three times as often as one is expected, as the wrapper's do. */
const heartbeatSeconds = 180;
const beatMs = minute;

/** Whether its credentials come by the wrapper; others have an identity where they run. */
export function isWrapped({ profile }: Pick<Task, "profile">): boolean {
  return profile.issuedBy === "broker";
}

/** What the wrapper tells of a task that it ran: draws on a stream of its own. */
export function tellOf(task: Task, done: Done, telling: Telling = {}): SimulatedTask {
  const random = stream(task.world.seed, "told", done.issued[0]?.accessKeyId ?? "");
  const lastAt = Math.max(...done.events.map(({ at }) => at));
  const { silentFrom } = telling;
  const endAt = telling.endAt ?? endOf(done, lastAt, random);
  const startedAt = task.startAt - second;
  const beats = beatsOf(startedAt, silentFrom ?? endAt);
  const endedAt = silentFrom === undefined
    ? endAt
    : (beats.at(-1) ?? startedAt) + heartbeatSeconds * second;
  const expectedSeconds = telling.expectedSeconds ??
    Math.ceil(((endedAt - startedAt) / second) * (0.8 + 1.2 * random.ratio()));
  const start = startOf(task, { startedAt, expectedSeconds, random, mode: telling.mode });
  const outcome = random.chance(0.9) ? "succeeded" : "failed";
  const exitCode = outcome === "succeeded" ? 0 : 1;
  const end: ToldNews = { kind: "end", end: { at: endAt, outcome, exitCode, revoke: false } };
  const { id, externalId, agent } = start;
  return {
    start,
    news: [
      ...done.issued.map((issued): ToldNews => ({
        kind: "credential", credential: credentialOf(issued),
      })),
      ...beats.map((at): ToldNews => ({ kind: "heartbeat", at, heardAt: at })),
      ...(silentFrom === undefined ? [end] : []),
    ].sort((a, b) => toldAt(a) - toldAt(b)),
    truth: {
      id, externalId, agent, startedAt, endedAt,
      outcome: silentFrom === undefined ? outcome : "lost",
      credentials: [
        ...done.issued.map((issued) => truthOf(issued, endedAt, "access-key")),
        ...done.chained.map((issued) => truthOf(issued, endedAt, "chain")),
      ],
    },
  };
}

/** When it is told of, ms UTC. */
export function toldAt(news: ToldNews): number {
  switch (news.kind) {
    case "credential":
      return news.credential.issuedAt;
    case "heartbeat":
      return news.at;
    case "end":
      return news.end.at;
    default:
      return news satisfies never;
  }
}

/**
 * Mostly once the last call is made; now and then some calls are still under way, which a grace of
 * a minute is for. Nothing is issued after it. On a whole second, so that seconds are exact.
 */
function endOf({ issued }: Done, lastAt: number, random: Random): number {
  const issuedAt = Math.max(...issued.map(({ createdAt }) => createdAt));
  const isEarly = random.chance(0.15);
  const afterLast = (isEarly ? -random.between(5, 55) : random.between(1, 5)) * second;
  return Math.max(issuedAt + second, lastAt + afterLast);
}

function startOf(
  { profile, startAt, world }: Task,
  { startedAt, expectedSeconds, random, mode = profile.mode }: {
    readonly startedAt: number;
    readonly expectedSeconds: number;
    readonly random: Random;
    readonly mode: AgentProfile["mode"] | undefined;
  },
): SimulatedTask["start"] {
  const agent = profile.name;
  const ticket = `T-${random.between(100, 999)}`;
  const externalId = `${ticket}.${Math.floor(startAt / second)}-${random.hex(4)}`;
  const service = random.pick(world.inventory(profile.homes[0]?.account ?? "").services);
  return {
    id: taskIdOf(agent, externalId),
    externalId, agent, mode, startedAt, expectedSeconds, heartbeatSeconds,
    repository: random.chance(0.8) ? `acme/${service}` : null,
    actor: `${random.pick(["ana", "bo", "chidi", "dara"])}@example.com`,
    reason: mode === "readonly" ? null : `work on ${service}`,
  };
}

function beatsOf(startedAt: number, until: number): number[] {
  const count = Math.max(0, Math.ceil((until - startedAt) / beatMs) - 1);
  return Array.from({ length: count }, (_, i) => startedAt + (i + 1) * beatMs);
}

function credentialOf(issued: Issued): TaskCredential {
  const { accessKeyId, role, sessionName, createdAt: issuedAt, expiresAt } = issued;
  return { accessKeyId, roleArn: role.arn, sessionName, issuedAt, expiresAt };
}

function truthOf(issued: Issued, endedAt: number, by: CredentialTruth["by"]): CredentialTruth {
  const { createdAt, expiresAt } = issued;
  const overAt = Math.min(expiresAt, Math.max(createdAt, endedAt));
  return {
    ...credentialOf(issued),
    by,
    issuedSeconds: (expiresAt - createdAt) / second,
    neededSeconds: (overAt - createdAt) / second,
    zombieSeconds: (expiresAt - overAt) / second,
  };
}
