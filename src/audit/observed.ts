/** Calls of one action, as our own history has them. */
export interface ObservedAction {
  /** As IAM names it: `s3:ListAllMyBuckets`. */
  readonly action: string;
  readonly allowedCount: number;
  readonly deniedCount: number;
  /** ms UTC */
  readonly lastAt: number;
}

/** What our own history knows of a role or user. Instants in ms UTC. */
export interface Observed {
  /** The time that it was watched. */
  readonly from: number;
  readonly until: number;
  /** Whether all of its calls were taken in: who keeps only what is an agent's has only some. */
  readonly isWhole: boolean;
  /** Services of which data events (objects, items, messages, invocations) are watched: `s3`. */
  readonly dataServices: ReadonlySet<string>;
  readonly lastSessionAt: number | null;
  readonly actions: readonly ObservedAction[];
  /** Agents that its sessions were attributed to. */
  readonly agents: readonly string[];
  /** Sessions of people: of no agent, from a console or a person's tool. */
  readonly humanSessionCount: number;
  readonly longestTaskSeconds: number | null;
  /** Credentials that were valid after their task had ended, and the longest time of one. */
  readonly outlivedTaskCount: number;
  readonly longestOutlivedSeconds: number;
}
