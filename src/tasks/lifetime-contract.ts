import { z } from "zod";
import { endBases } from "../sessions/lifetimes.ts";
import { taskBases } from "../sessions/task.ts";
import { reportKeys } from "../lifetime-report.ts";
import { At, TaskView } from "./contract.ts";

const count = z.int();
const seconds = z.number();

/** What became of the seconds credentials were issued for; of a known expiry only. */
const sums = {
  issuedSeconds: seconds, usedSeconds: seconds, zombieSeconds: seconds, savedSeconds: seconds,
};

/** Of a task: together, and each credential. */
export const LifetimesView = z.object({
  ...sums,
  credentials: z.array(z.object({
    accessKeyId: z.string(),
    roleArn: z.string().nullable(),
    issuedAt: At,
    expiresAt: At.nullable(),
    lastCallAt: At.nullable(),
    endedAt: At.nullable(),
    endBasis: z.enum(endBases).nullable(),
    issuedSeconds: seconds.nullable(),
    usedSeconds: seconds,
    zombieSeconds: seconds.nullable(),
    savedSeconds: seconds.nullable(),
  })),
});

/** A task nobody told of: its first and last call, and, once it is idle, its end. */
export const SeenTaskView = z.object({
  id: z.string(),
  externalId: z.string(),
  agent: z.string(),
  basis: z.enum(taskBases).exclude(["told"]),
  confidence: z.enum(["high", "medium", "low"]),
  roleArn: z.string().nullable(),
  startedAt: At,
  lastCallAt: At,
  endedAt: At.nullable(),
  sessionCount: count,
  credentialCount: count,
});

/** GET /v1/tasks/:id */
export const TaskDetail = TaskView.extend({ lifetimes: LifetimesView });
export const SeenTaskDetail = SeenTaskView.extend({ lifetimes: LifetimesView });
export const AnyTaskDetail = z.union([TaskDetail, SeenTaskDetail]);

/** GET /v1/tasks?basis=inferred */
export const SeenTaskPage = z.object({
  items: z.array(SeenTaskView), next: z.string().nullable(),
});

const Sum = z.object({
  credentialCount: count, unusedCount: count, liveZombieCount: count, unknownExpiryCount: count,
  ...sums,
});

export const LifetimeItem = Sum.extend({
  key: z.string().nullable(),
  task: z.object({
    externalId: z.string(), agent: z.string(), basis: z.enum(taskBases),
  }).nullable(),
  expectedSeconds: seconds.nullable(),
  observedSeconds: seconds.nullable(),
  presentSeconds: seconds.nullable(),
  recommendedSeconds: seconds.nullable(),
  recommendedFrom: z.enum(["expected", "observed"]).nullable(),
});

/** GET /v1/lifetimes */
export const LifetimeReportView = z.object({
  by: z.enum(reportKeys),
  since: At.nullable(),
  until: At.nullable(),
  asOf: At,
  stsMinimumSeconds: seconds,
  items: z.array(LifetimeItem),
  rest: Sum,
  total: Sum,
});

export type LifetimesView = z.infer<typeof LifetimesView>;
export type SeenTaskView = z.infer<typeof SeenTaskView>;
export type TaskDetail = z.infer<typeof TaskDetail>;
export type SeenTaskDetail = z.infer<typeof SeenTaskDetail>;
export type AnyTaskDetail = z.infer<typeof AnyTaskDetail>;
export type LifetimeItem = z.infer<typeof LifetimeItem>;
export type LifetimeReportView = z.infer<typeof LifetimeReportView>;
