import { z } from "zod";
import {
  LifetimeReportView, SeenTaskDetail, SeenTaskView, TaskDetail,
} from "../tasks/lifetime-contract.ts";
import { exampleTask, TaskShape } from "./shapes-task.ts";

const seenTask = {
  id: "5c07ae6e1a3b2a0c6d2c6ff7a6f6a1d2",
  externalId: "repo:acme/api:ref:refs/heads/main@2026-03-01T10:00:00.000Z",
  agent: "ci",
  basis: "oidc-subject" as const,
  confidence: "medium" as const,
  roleArn: "arn:aws:iam::111122223333:role/agents/ci-deploy",
  startedAt: "2026-03-01T10:00:00.000Z",
  lastCallAt: "2026-03-01T10:04:00.000Z",
  endedAt: "2026-03-01T10:04:00.000Z",
  sessionCount: 1,
  credentialCount: 1,
};

const seconds = { issuedSeconds: 900, usedSeconds: 120, zombieSeconds: 780, savedSeconds: 0 };
const lifetimes = {
  ...seconds,
  credentials: [{
    accessKeyId: "ASIATASKKEY000000001",
    roleArn: "arn:aws:iam::111122223333:role/agents/aider-readonly",
    issuedAt: "2026-03-01T10:00:00.000Z",
    expiresAt: "2026-03-01T10:15:00.000Z",
    lastCallAt: "2026-03-01T10:01:50.000Z",
    endedAt: "2026-03-01T10:02:00.000Z",
    endBasis: "told" as const,
    ...seconds,
  }],
};

export const SeenTaskShape = SeenTaskView.meta({
  id: "InferredTask",
  description: "A task nobody told of, as its sessions show it: its end is its last call, once " +
    "nothing was called for long.",
  example: seenTask,
});

const detail = "With what became of the seconds its credentials were issued for. Of more " +
  "than 1000 credentials, the last ones issued.";
export const AnyTaskShape = z.union([TaskShape, SeenTaskShape]);
export const AnyTaskDetailShape = z.union([
  TaskDetail.meta({
    id: "TaskDetail", description: detail, example: { ...exampleTask, lifetimes },
  }),
  SeenTaskDetail.meta({
    id: "InferredTaskDetail", description: detail, example: { ...seenTask, lifetimes },
  }),
]);

const sum = {
  credentialCount: 1, unusedCount: 0, liveZombieCount: 0, unknownExpiryCount: 0, ...seconds,
};

export const LifetimeReportShape = LifetimeReportView.meta({
  id: "LifetimeReport",
  description: "What credentials come to, by agent, role or task: rest is what no item shows. " +
    "observedSeconds is what 95 of 100 tasks did not exceed; presentSeconds what the last " +
    "credential was issued for.",
  example: {
    by: "agent", since: null, until: null, asOf: "2026-03-01T12:00:00.000Z",
    stsMinimumSeconds: 900,
    items: [{
      key: "aider", task: null, ...sum, expectedSeconds: 120, observedSeconds: 120,
      presentSeconds: 900, recommendedSeconds: 300, recommendedFrom: "expected",
    }],
    rest: {
      credentialCount: 0, unusedCount: 0, liveZombieCount: 0, unknownExpiryCount: 0,
      issuedSeconds: 0, usedSeconds: 0, zombieSeconds: 0, savedSeconds: 0,
    },
    total: sum,
  },
});
