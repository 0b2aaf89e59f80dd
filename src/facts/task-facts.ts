import { stsMinimumSeconds } from "../sessions/recommended-lifetime.ts";
import type { Task } from "../sessions/task.ts";
import { taskAt, type TaskTie } from "../sessions/task-tie.ts";
import { declaredAgent } from "./declared-networks.ts";
import type { Fact, FactContext, OfSession } from "./fact.ts";

const of = (
  name: string,
  [type, unit]: readonly [Fact["type"], string | null],
  rest: Pick<Fact, "meaning" | "of" | "isOfSession">,
): Fact => ({ name, type, unit, ...rest });
const text = ["text", null] as const;
const truth = ["truth", null] as const;
const seconds = ["number", "seconds"] as const;

/**
 * Facts of the task a call belongs to: one that was told of, for the access key the call was made
 * with; where none was, who it is by what its session says. Begun and ended are only those told of.
 */
export const taskFacts: readonly Fact[] = [
  of("task.id", text, {
    meaning: "Our id of the task, where somebody told of it.",
    of: (context) => toldTask(context)?.id ?? null,
  }),
  of("task.external_id", text, {
    meaning: "The task's name: a ticket, a run. Told, or as the session says.",
    of: (context) =>
      toldTask(context)?.externalId ?? context.session?.task?.externalId ?? null,
  }),
  of("task.basis", text, {
    meaning: "How the task is known: told, session-tag, source-identity, session-name, " +
      "oidc-subject, workload or idle.",
    of: (context) =>
      toldTask(context) === null ? (context.session?.task?.basis ?? null) : "told",
  }),
  of("task.tied_by", text, {
    meaning: "How the credential is known to be for the task that was told of: access-key, chain " +
      "(asked for with a key of it), or name (it calls itself so).",
    of: (context) => toldTask(context)?.by ?? null,
  }),
  of("task.mode", text, {
    meaning: "The mode that was told at its start.",
    of: (context) => toldTask(context)?.mode ?? null,
  }),
  of("task.outcome", text, {
    meaning: "succeeded, failed, cancelled or lost; absent while it runs.",
    of: (context) => toldTask(context)?.outcome ?? null,
  }),
  of("task.ended_at", text, {
    meaning: "When it ended (ISO 8601); absent while it runs.",
    of: (context) => {
      const endedAt = toldTask(context)?.endedAt ?? null;
      return endedAt === null ? null : new Date(endedAt).toISOString();
    },
  }),
  of("task.ended_ago_seconds", seconds, {
    meaning: "How long before this call the task had ended; absent until then.",
    of: endedAgoSeconds,
  }),
  of("task.is_over", truth, {
    meaning: "Whether this call came after the task's end and the config's tasks.graceSeconds.",
    isOfSession: isUntold,
    of: (context) => {
      const ago = endedAgoSeconds(context);
      return toldTask(context) === null
        ? null
        : ago !== null && ago > context.config.tasks.graceSeconds;
    },
  }),
  of("task.expected_seconds", seconds, {
    meaning: "How long it was to take.",
    of: (context) => toldTask(context)?.expectedSeconds ?? null,
  }),
  of("task.overrun_ratio", ["number", "ratio"], {
    meaning: "How long it had run at this call, of what was expected; absent after its end.",
    of: (context) => {
      const task = toldTask(context);
      if (task?.expectedSeconds == null) return null;
      const { at } = context.event;
      if (at < task.startedAt || at > (task.endedAt ?? Infinity)) return null;
      return (at - task.startedAt) / 1000 / task.expectedSeconds;
    },
  }),
  of("task.covers_role_mode", truth, {
    meaning: "Whether a task that runs at this call was given a mode that the role's fits in; " +
      "absent where the role's mode is not known, and for agents of which nobody tells tasks: " +
      "those without modes and mustRegister in the config. The break-glass role asks it of all.",
    of: coversRoleMode,
  }),
  of("credential.zombie_seconds", seconds, {
    meaning: "How long it stays valid after its task's end, or its own issue where that was " +
      "later; absent while the task runs, and where its expiry is not known.",
    of: zombieSeconds,
  }),
  of("credential.is_needless_zombie", truth, {
    meaning: "Whether that is longer than the shortest session that STS issues (900 s).",
    of: (context) => {
      const zombie = zombieSeconds(context);
      return zombie === null ? null : zombie > stsMinimumSeconds;
    },
  }),
  of("session.registered", truth, {
    meaning: "Whether a key of the session, or one it was asked for with, was told to be issued " +
      "for a task; absent for agents without mustRegister in the config.",
    of: (context) => {
      if (declaredAgent(context)?.mustRegister !== true || context.session === null) return null;
      return context.session.credentials.some(({ tasks }) => tasks.some(({ by }) => by !== "name"));
    },
  }),
];

/** Nobody told of a task that the credential was for. */
function isUntold({ credential }: OfSession): boolean {
  return credential === null || credential.tasks.length === 0;
}

function toldTask({ credential, event }: FactContext): TaskTie | null {
  return credential === null ? null : taskAt(credential.tasks, event.at);
}

function endedAgoSeconds(context: FactContext): number | null {
  const endedAt = toldTask(context)?.endedAt ?? null;
  return endedAt === null || context.event.at <= endedAt
    ? null
    : (context.event.at - endedAt) / 1000;
}

function zombieSeconds(context: FactContext): number | null {
  const endedAt = toldTask(context)?.endedAt ?? null;
  const { issuance = null, expiresAt = null } = context.credential ?? {};
  if (endedAt === null || expiresAt === null) return null;
  return Math.max(0, (expiresAt - Math.max(endedAt, issuance?.at ?? endedAt)) / 1000);
}

/** What each mode may do, as a rank. */
const ranks: Readonly<Record<Task["mode"], number>> = {
  unknown: 0, readonly: 1, readwrite: 2, deploy: 3, "break-glass": 4,
};

function coversRoleMode(context: FactContext): boolean | null {
  const mode = context.session?.mode.mode ?? "unknown";
  if (mode === "unknown") return null;
  if (mode !== "break-glass" && !isTold(context)) return null;
  const task = toldTask(context);
  return task !== null && task.by !== "name" && ranks[task.mode] >= ranks[mode];
}

/** Whether tasks of the agent are told of, by its config. */
function isTold(context: FactContext): boolean {
  const agent = declaredAgent(context);
  return agent !== undefined && (agent.mustRegister || Object.keys(agent.modes).length > 0);
}
