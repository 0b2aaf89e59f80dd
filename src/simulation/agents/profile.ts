import type { Client } from "../caller.ts";
import type { OperationName } from "../operations/catalogue.ts";
import type { Random, Weighted } from "../random.ts";
import type { Route } from "./route.ts";

/** One agent's habits: what it is, where and when it works, and what it does. */
export interface AgentProfile {
  readonly name: string;
  readonly description: string;
  readonly mode: "readonly" | "readwrite" | "break-glass";
  /** Where its role is: account and path with name. */
  readonly homes: readonly Home[];
  readonly issuedBy: "broker" | "github" | "ecs-tasks.amazonaws.com" | "lambda.amazonaws.com";
  /** Tasks on a working day; a weekend day has `weekendRatio` of them. */
  readonly tasksPerDay: number;
  /**
   * Instead of `tasksPerDay`: the hours, UTC, at which one begins on every day, however much
   * traffic there is.
   */
  readonly schedule?: readonly number[];
  /** Sessions open at the same time for one task. Default: 1. */
  readonly sessionsPerTask?: number;
  readonly weekendRatio: number;
  /** Hours of the day, UTC, in which tasks begin: from, until. */
  readonly hours: readonly [number, number];
  readonly minutes: readonly [number, number];
  readonly calls: readonly [number, number];
  readonly lifetimesSeconds: readonly number[];
  readonly sessionName: (at: number, random: Random) => string;
  /** The same as a glob, for the config. */
  readonly sessionPattern: string;
  readonly client: (random: Random) => Client;
  readonly route: (random: Random) => Route;
  /** Names of `networks` in the config. */
  readonly networks: readonly string[];
  readonly regions: Weighted<string>;
  readonly operations: Weighted<OperationName>;
  /** Of its calls: denied, and failed for other reasons. */
  readonly deniedRatio: number;
  readonly failedRatio: number;
  /** Of its tasks: those that take a fresh credential while the old one still works. */
  readonly refreshRatio: number;
  readonly chain?: Chain;
  readonly sensitiveReads?: readonly string[];
  /** What the config says of its credentials. */
  readonly maxLiveCredentials?: number;
  readonly mustRegister?: boolean;
}

export interface Home {
  readonly account: string;
  readonly path: string;
}

/** Another role it may assume from its own session, and what it does there. */
export interface Chain {
  readonly homes: readonly Home[];
  readonly ratio: number;
  readonly operations: Weighted<OperationName>;
}
