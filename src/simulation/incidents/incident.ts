import type { Logged } from "../call.ts";
import type { Random } from "../random.ts";
import type { SimulatedTask } from "../told.ts";
import type { World } from "../world.ts";

/** Something planted, and what a warden should say about it. */
export interface Incident {
  readonly id: string;
  /** The detection that should fire on it. */
  readonly rule: string;
  /** Detections that may rightly fire on it as well. */
  readonly alsoRules: readonly string[];
  readonly entity: IncidentEntity;
  readonly firstEventAt: number;
  readonly lastEventAt: number;
  /** The events that show it, in order of time; not the ordinary ones around them. */
  readonly eventIds: readonly string[];
  readonly story: string;
}

export interface IncidentEntity {
  readonly sessionName: string;
  /** Null for an IAM user. */
  readonly roleArn: string | null;
  readonly accessKeyId: string | null;
  readonly account: string;
}

/** One kind of incident: how it is played. */
export interface Script {
  readonly id: string;
  readonly rule: string;
  readonly alsoRules?: readonly string[];
  readonly story: string;
  /** In the last hour: it shows only as long as its credential lives. */
  readonly isLast?: boolean;
  readonly play: (stage: Stage) => Played;
}

export interface Stage {
  readonly world: World;
  readonly random: Random;
  readonly at: number;
}

export interface Played {
  readonly entity: IncidentEntity;
  /** Everything it leaves in the trail. */
  readonly events: readonly Logged[];
  /** Those of them that show it. */
  readonly telling: readonly Logged[];
  /** What the wrapper tells of. */
  readonly tasks: readonly SimulatedTask[];
}
