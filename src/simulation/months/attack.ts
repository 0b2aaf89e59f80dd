import type { AgentProfile } from "../agents/profile.ts";
import { planTask, type Task } from "../agents/task.ts";
import type { Logged } from "../call.ts";
import { makeCall } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { Deed, Scene } from "../incidents/scene.ts";
import { beginWith, operationOf } from "../incidents/scene.ts";
import { hour, second } from "../instant.ts";
import { boto3 } from "../user-agents.ts";
import type { Random } from "../random.ts";
import { addressIn, type NetworkName, type World } from "../world.ts";

/** One kind of attack on a role's session, played over an ordinary beginning. */
export interface AttackKind {
  readonly id: string;
  readonly loudness: "loud" | "medium" | "slow";
  readonly story: string;
  /** How many days in a row it goes on; absent: one. */
  readonly days?: number;
  /** Off the agent's usual hours. */
  readonly shiftHours?: number;
  readonly play: (attack: Attack) => readonly Logged[];
}

export interface Attack {
  readonly scene: Scene;
  readonly random: Random;
  /** Which of the days this is, from 0. */
  readonly part: number;
}

/** What an attack's session leaves: all of it, and what of it is the intruder's. */
export interface AttackSession {
  readonly events: readonly Logged[];
  readonly telling: readonly Logged[];
}

export interface AttackTime {
  readonly world: World;
  readonly profile: AgentProfile;
  readonly random: Random;
  readonly dayAt: number;
  readonly part: number;
}

export function playAttack(kind: AttackKind, time: AttackTime): AttackSession {
  const { world, profile, random, dayAt, part } = time;
  const [from, until] = profile.hours;
  const hours = random.between(from, until) + (kind.shiftHours ?? 0);
  const startAt = dayAt + (hours % 24) * hour + random.between(0, 3599) * second;
  const at = startAt - (startAt % second);
  const task: Task = planTask({ world, profile, random, startAt: at });
  const scene = beginWith({ world, random, at }, task);
  const telling = kind.play({ scene, random, part });
  return { events: [...scene.calm, ...telling], telling };
}

/** From where, with what, and how fast an intruder calls. */
export interface Manner {
  readonly network?: NetworkName;
  /** Seconds between two calls. */
  readonly pause?: readonly [number, number];
}

/** Deeds of an intruder: as the session's own client, or with the stolen key from elsewhere. */
export function intrude(
  attack: Attack,
  deeds: readonly Deed[],
  { network, pause = [2, 25] }: Manner = {},
): readonly Logged[] {
  const { scene: { stage: { world }, at: from }, random } = attack;
  const caller = intruderOf(attack, network);
  let at = from;
  return deeds.map(({ action, effect, outcome = "allowed", region = "eu-west-1" }) => {
    at += random.between(...pause) * second;
    const operation = operationOf(action, effect);
    return makeCall(caller, { world, operation, region, at, random, outcome, effect });
  });
}

/** Whoever has the key: from another network with a script, or the session's own client. */
export function intruderOf({ scene: { caller }, random }: Attack, network?: NetworkName): Caller {
  if (network === undefined) return caller;
  const address = addressIn(network, random);
  return { ...caller, address, client: boto3("g"), vpcEndpointId: null };
}
