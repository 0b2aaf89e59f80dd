import { describe, expect, it } from "vitest";
import { Config, emptyConfig } from "../../src/config/schema.ts";
import { modeOf, type ModeFacts } from "../../src/sessions/mode.ts";

function named(roleName: string): ModeFacts {
  return {
    roleArn: `arn:aws:iam::111111111111:role/agents/${roleName}`,
    roleName,
    tags: {},
    policyArns: [],
  };
}

describe("a role's mode", () => {
  it.each([
    ["ro-inventory", "readonly"],
    ["inventory-ro", "readonly"],
    ["ReadOnlyAccess", "readonly"],
    ["AWSReadOnly", "readonly"],
    ["agent_read_only", "readonly"],
    ["AWSReservedSSO_ViewOnlyAccess_0123456789abcdef", "readonly"],
    ["log-viewer", "readonly"],
    ["SecurityAudit", "readonly"],
    ["readonly-admin", "readonly"],
    ["deploy-audit", "deploy"],
    ["github-deploy", "deploy"],
    ["DeploymentRole", "deploy"],
    ["BreakGlass", "break-glass"],
    ["break-glass-admin", "break-glass"],
    ["emergency", "break-glass"],
    ["AWSReservedSSO_AdministratorAccess_0123456789abcdef", "readwrite"],
    ["PowerUserAccess", "readwrite"],
    ["read-write", "readwrite"],
  ])("is guessed from the name %s: %s", (name, mode) => {
    expect(modeOf(named(name), emptyConfig)).toEqual({ mode, basis: "role-name", isGuessed: true });
  });

  it.each(["hero", "prod", "retro-fit", "rotate", "administratively", "deployable", "worker"])(
    "is not guessed from the name %s",
    (name) => {
      expect(modeOf(named(name), emptyConfig)).toEqual({
        mode: "unknown",
        basis: "none",
        isGuessed: false,
      });
    },
  );

  const policy = (arn: string): Partial<ModeFacts> => ({ policyArns: [arn] });

  it.each<[string, Partial<ModeFacts>, string]>([
    ["a tag before the name", { tags: { mode: "Read-Only" } }, "readonly by session-tag"],
    [
      "our tag before another's",
      { tags: { mode: "readonly", "trailwarden:mode": "break_glass" } },
      "break-glass by session-tag",
    ],
    [
      "the name, when the tag means something else",
      { tags: { mode: "batch" } },
      "deploy by role-name",
    ],
    [
      "a session policy before the name",
      policy("arn:aws:iam::aws:policy/ReadOnlyAccess"),
      "readonly by session-policy",
    ],
    [
      "a job function's policy",
      policy("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"),
      "readonly by session-policy",
    ],
    [
      "the name, when a policy only sounds like AWS's",
      policy("arn:aws:iam::111111111111:policy/ReadOnlyAccess"),
      "deploy by role-name",
    ],
  ])("is guessed from %s", (_what, overrides, expected) => {
    const { mode, basis, isGuessed } = modeOf({ ...named("deploy"), ...overrides }, emptyConfig);
    expect([`${mode} by ${basis}`, isGuessed]).toEqual([expected, true]);
  });

  it("is what the config says, the first pattern that matches, and then no guess", () => {
    const config = Config.parse({
      roles: [
        { arn: "arn:aws:iam::*:role/agents/ro-*", mode: "readwrite" },
        { arn: "arn:aws:iam::*:role/*", mode: "readonly" },
      ],
    });
    expect(modeOf(named("ro-x"), config)).toEqual({
      mode: "readwrite",
      basis: "config",
      isGuessed: false,
    });
    expect(modeOf(named("deploy"), config).mode).toBe("readonly");
  });
});
