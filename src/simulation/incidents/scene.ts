import type { AgentProfile, Home } from "../agents/profile.ts";
import { profiles } from "../agents/profiles.ts";
import type { Task } from "../agents/task.ts";
import { callerOf, openSession, planTask, work } from "../agents/task.ts";
import type { Logged } from "../call.ts";
import { makeCall } from "../call.ts";
import type { Caller, Issued } from "../caller.ts";
import { minute, second } from "../instant.ts";
import type { Effect, Operation } from "../operations/operation.ts";
import { read, write } from "../operations/operation.ts";
import type { Outcome } from "../outcome.ts";
import { isWrapped, tellOf } from "../told.ts";
import type { Telling } from "../told.ts";
import type { IncidentEntity, Played, Stage } from "./incident.ts";

/** An agent's session that has been at its ordinary work for a few minutes. */
export interface Scene {
  readonly stage: Stage;
  readonly task: Task;
  readonly issued: Issued;
  readonly caller: Caller;
  /** The issuance and the ordinary calls so far. */
  readonly calm: readonly Logged[];
  /** When the ordinary part is over, ms. */
  readonly at: number;
  /** Issued for its task beside `issued`. */
  readonly further?: readonly Issued[];
  /** Opened by its session. */
  readonly chained?: readonly Issued[];
  /** Whether the wrapper tells of it. Default: where the agent goes through it. */
  readonly isTold?: boolean;
  readonly telling?: Telling;
}

export interface Cast {
  readonly agent: string;
  readonly home?: Home;
  readonly sessionName?: string;
  /** How long the ordinary part takes. Default: 5. */
  readonly minutes?: number;
  /** How long its credential lasts. Default: as the agent's do. */
  readonly seconds?: number;
}

export function begin(stage: Stage, cast: Cast): Scene {
  const { world, random, at: startAt } = stage;
  const planned = planTask({ world, profile: profileOf(cast.agent), random, startAt });
  const home = cast.home ?? planned.home;
  const task = { ...planned, home, sessionName: cast.sessionName ?? planned.sessionName };
  return beginWith(stage, task, cast);
}

export function beginWith(
  stage: Stage,
  task: Task,
  { minutes = 5, seconds }: Pick<Cast, "minutes" | "seconds"> = {},
): Scene {
  const opening = openSession(task, stage.at, seconds);
  const endAt = stage.at + minutes * minute;
  const { operations } = task.profile;
  const { events: ordinary } = work(quiet(task), opening.issued, {
    fromAt: stage.at + 2 * second,
    endAt,
    operations,
  });
  const calm = [...opening.events, ...ordinary.filter((event) => event.at < endAt)];
  const caller = callerOf(task, opening.issued);
  return { stage, task, issued: opening.issued, caller, calm, at: endAt };
}

/** The scene's ordinary part is short and takes no second credential. */
function quiet(task: Task): Task {
  const profile: AgentProfile = { ...task.profile, calls: [6, 12], refreshRatio: 0 };
  return { ...task, profile };
}

export function profileOf(name: string): AgentProfile {
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile === undefined) throw new Error(`No agent called ${name} is simulated.`);
  return profile;
}

/** Something a session does that ordinary traffic does not. */
export interface Deed {
  /** `iam:AttachRolePolicy`; a read where the name says so. */
  readonly action: string;
  readonly effect: Effect;
  readonly outcome?: Outcome;
  readonly region?: string;
}

/** The deeds, some seconds apart, from the scene's end on. */
export function act(scene: Scene, deeds: readonly Deed[], caller: Caller = scene.caller): Logged[] {
  const { world, random } = scene.stage;
  let { at } = scene;
  return deeds.map(({ action, effect, outcome = "allowed", region = "eu-west-1" }) => {
    at += random.between(2, 25) * second;
    const operation = operationOf(action, effect);
    return makeCall(caller, { world, operation, region, at, random, outcome, effect });
  });
}

/** A read where the name says so. */
export function operationOf(action: string, effect: Effect): Operation {
  const verb = action.slice(action.indexOf(":") + 1);
  const isRead = /^(Get|List|Describe|Simulate)/.test(verb);
  return (isRead ? read : write)(action, () => effect);
}

/** The scene as the incident it was: `telling` are the events that show it. */
export function end(
  scene: Scene,
  telling: readonly Logged[],
  others: readonly Logged[] = [],
): Played {
  const { task, issued, further = [], chained = [], isTold = isWrapped(task) } = scene;
  const events = [...scene.calm, ...others, ...telling];
  const done = { events, issued: [issued, ...further], chained };
  const tasks = isTold ? [tellOf(task, done, scene.telling)] : [];
  return { entity: entityOf(issued), events, telling, tasks };
}

export function entityOf({ role, sessionName, accessKeyId }: Issued): IncidentEntity {
  return { sessionName, roleArn: role.arn, accessKeyId, account: role.account };
}
