import { expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { inferTask, type InferredFrom } from "../../src/sessions/infer-task.ts";
import { externalIdIn } from "../../src/sessions/session-name.ts";
import { issuance } from "../builders/session.ts";

const agents = [{ name: "aider", roles: ["*"], sessionName: "aider-{epoch}" }];
const config = Config.parse({ agents });
const byTask = Config.parse({ agents, tasks: { sourceIdentity: "task", sessionTags: ["ticket"] } });

const from: InferredFrom = {
  id: "AROA:x@2026-03-01T10:00:00Z", createdAt: Date.UTC(2026, 2, 1, 10), issuance: null,
  sessionName: "x", sourceIdentity: null, issuedTo: null,
};
const github = issuance({
  kind: "web-identity",
  issuer: {
    principalId: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com:" +
      "sts.amazonaws.com:repo:acme/api:ref:refs/heads/main",
  },
});
const ecs = issuance({ issuer: { kind: "service" } });
const lambda = "arn:aws:lambda:eu-west-1:111122223333:function:tidy";

it.each<[string, Partial<InferredFrom>, Config, readonly [string, string, string]]>([
  ["a tag names it", { issuance: issuance({ tags: { task: "T-1" } }) }, config,
    ["T-1", "session-tag", "high"]],
  ["a tag of the config's choice", { issuance: issuance({ tags: { ticket: "T-1", task: "no" } }) },
    byTask, ["T-1", "session-tag", "high"]],
  ["a source identity, where that names tasks", { sourceIdentity: "T-2" }, byTask,
    ["T-2", "source-identity", "medium"]],
  ["no source identity, where that names people", { sourceIdentity: "alice" }, config,
    [from.id, "idle", "low"]],
  ["the session's name, by the agent's convention", { sessionName: "aider-1712345678" }, config,
    ["1712345678", "session-name", "medium"]],
  ["a job of a GitHub Actions run", { issuance: github }, config,
    ["repo:acme/api:ref:refs/heads/main@2026-03-01T10:00:00.000Z", "oidc-subject", "medium"]],
  ["an ECS task", { issuance: ecs, sessionName: "0123456789abcdef0123456789abcdef" }, config,
    ["0123456789abcdef0123456789abcdef", "workload", "medium"]],
  ["no ECS task where a person chose the name",
    { issuance: issuance(), sessionName: "0123456789abcdef0123456789abcdef" }, config,
    [from.id, "idle", "low"]],
  ["a Lambda function, which serves many", { issuedTo: lambda }, config,
    [lambda, "workload", "low"]],
  ["else the session itself, until it is idle", {}, config, [from.id, "idle", "low"]],
])("a task is inferred: %s", (...[, changes, with_, [externalId, basis, confidence]]) => {
  expect(inferTask({ ...from, ...changes }, with_)).toEqual({ externalId, basis, confidence });
});

it.each<[name: string, template: string, string | null]>([
  ["aider-T-123", "{agent}-{task}", "T-123"],
  ["aider-readonly-T-123", "{agent}-{mode}-{task}", "T-123"],
  ["aider-alice-1712345678", "{agent}-{actor}-{epoch}", "1712345678"],
  ["T-1/T-1", "{task}/{task}", "T-1"],
  ["T-1/T-2", "{task}/{task}", null],
  ["claude-T-123", "{agent}-{task}", null],
  ["aider-171", "{agent}-{epoch}", null],
  ["aiderXT.1", "{agent}.{task}", null],
  ["aider-1712345678-x", "{agent}-{epoch}", null],
  ["aider-nightly", "aider-nightly", null],
])("of the name %s the template %s gives %s", (name, template, expected) => {
  expect(externalIdIn(name, template, "aider")).toBe(expected);
});
