import type { AgentConfig, Config } from "../config/schema.ts";
import type { HeldCredential } from "../sessions/task-store.ts";
import type { Task } from "../sessions/task.ts";

export interface TaskUse {
  readonly task: Task;
  /** By key. */
  readonly credentials: readonly HeldCredential[];
}

export const momentNames = [
  "CredentialOutlivedTask",
  "TaskOverran",
  "TooManyLiveCredentials",
] as const;

/** What no event tells: it becomes true at an instant, and is over at another. */
export interface TaskMoment {
  readonly name: (typeof momentNames)[number];
  /** ms UTC. */
  readonly at: number;
  /** ms UTC, as far as it is known by now; null: not over. */
  readonly overAt: number | null;
  /** The credential it is about; for `TaskOverran` one that works then. */
  readonly of: HeldCredential;
  /** How many were valid then, of the task; for `TooManyLiveCredentials` of whom it is about. */
  readonly liveCount: number;
}

type Excess = Pick<TaskMoment, "at" | "overAt" | "of" | "liveCount">;

/** A task that takes so many times what was expected has overrun. */
const overrunRatio = 2;

/**
 * What is, and will be, true of a task, in event time: a function of what was told and seen, so
 * that the order in which that came does not show.
 */
export function momentsOf(use: TaskUse, config: Config): readonly TaskMoment[] {
  const most = agentOf(use.task, config)?.maxLiveCredentialsPerTask;
  return [...outlived(use, config), ...overran(use), ...tooMany(use.credentials, most)];
}

/** Of some moments those that are true by `asOf` (ms UTC), and over as far as they are by then. */
export function trueBy(moments: readonly TaskMoment[], asOf: number): readonly TaskMoment[] {
  return moments
    .filter(({ at }) => at <= asOf)
    .map((moment) => moment.overAt === null || moment.overAt <= asOf
      ? moment
      : { ...moment, overAt: null });
}

/** The next instant after `asOf` at which one of them begins or is over; null: none. */
export function nextAfter(moments: readonly TaskMoment[], asOf: number): number | null {
  const instants = moments.flatMap(({ at, overAt }) => overAt === null ? [at] : [at, overAt]);
  return instants.reduce<number | null>(
    (next, at) => at > asOf && at < (next ?? Infinity) ? at : next, null,
  );
}

function outlived({ task, credentials }: TaskUse, { tasks }: Config): readonly TaskMoment[] {
  const { endedAt } = task;
  if (endedAt === null) return [];
  return credentials.flatMap((of) => {
    const at = Math.max(endedAt + tasks.graceSeconds * 1000, of.issuedAt);
    if (of.expiresAt !== null && of.expiresAt <= at) return [];
    const name = "CredentialOutlivedTask" as const;
    return [{ name, at, overAt: of.expiresAt, of, liveCount: liveAt(credentials, at) }];
  });
}

/** Only while a credential works: what runs on without one harms nobody. */
function overran({ task, credentials }: TaskUse): readonly TaskMoment[] {
  const { startedAt, endedAt, expectedSeconds } = task;
  if (expectedSeconds === null) return [];
  const at = startedAt + overrunRatio * expectedSeconds * 1000;
  const of = credentials.find((each) => isLive(each, at));
  if (of === undefined || (endedAt !== null && endedAt <= at)) return [];
  const liveCount = liveAt(credentials, at);
  return [{ name: "TaskOverran", at, overAt: endedAt, of, liveCount }];
}

/**
 * From the issue of the credential that was first one too many, until that was over for good. Those
 * whose expiry nobody told are left out: they would seem to live for ever.
 *
 * @param most so many may be valid at the same time
 */
export function tooMany(
  credentials: readonly HeldCredential[],
  most: number | undefined,
): readonly TaskMoment[] {
  if (most === undefined) return [];
  const excess = firstExcess(credentials.filter(({ expiresAt }) => expiresAt !== null), most);
  return excess === null ? [] : [{ name: "TooManyLiveCredentials", ...excess }];
}

function firstExcess(credentials: readonly HeldCredential[], most: number): Excess | null {
  let live = 0;
  let first: Omit<Excess, "overAt"> | null = null;
  let overAt: number | null = null;
  for (const { at, issued } of turnsOf(credentials)) {
    const before = live;
    live += issued === null ? -1 : 1;
    if (issued !== null && live > most) first ??= { at, of: issued, liveCount: live };
    if (before > most && live <= most) overAt = at;
  }
  if (first === null) return null;
  return { ...first, overAt: live > most ? null : overAt };
}

interface Turn {
  readonly at: number;
  /** Null where one expires. */
  readonly issued: HeldCredential | null;
}

/** In time; what expires the instant another is issued was not live beside it. */
function turnsOf(credentials: readonly HeldCredential[]): readonly Turn[] {
  const turns = credentials.flatMap((issued): Turn[] => [
    { at: issued.issuedAt, issued },
    ...(issued.expiresAt === null ? [] : [{ at: issued.expiresAt, issued: null }]),
  ]);
  return turns.sort((a, b) => a.at - b.at || keyOf(a).localeCompare(keyOf(b), "en"));
}

function keyOf({ issued }: Turn): string {
  return issued?.accessKeyId ?? "";
}

function liveAt(credentials: readonly HeldCredential[], at: number): number {
  return credentials.filter((each) => isLive(each, at)).length;
}

/** From issue on, up to the instant of expiry. */
function isLive({ issuedAt, expiresAt }: HeldCredential, at: number): boolean {
  return issuedAt <= at && (expiresAt === null || at < expiresAt);
}

function agentOf({ agent }: Pick<Task, "agent">, { agents }: Config): AgentConfig | undefined {
  return agents.find(({ name }) => name === agent);
}
