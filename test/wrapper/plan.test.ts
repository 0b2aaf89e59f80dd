import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { credentialSeconds, secondsIn } from "../../src/wrapper/duration.ts";
import { planOf, type RunAsked } from "../../src/wrapper/plan.ts";

const role = "arn:aws:iam::111122223333:role/agents/aider-ro";
const asked: RunAsked = {
  agent: "aider", mode: "readonly", modeOutside: undefined, task: "T-1", expectedSeconds: null,
  reason: null, repository: null, actor: "alice", at: Date.UTC(2026, 2, 1), isRefreshed: true,
};
const configWith = (agent: object, mode: object = {}) => Config.parse({
  agents: [{
    name: "aider", roles: [role],
    modes: { readonly: { role, ...mode }, readwrite: { role } }, ...agent,
  }],
});

describe("a credential's length", () => {
  it.each<[string, [number | null, number, boolean], number]>([
    ["is a fifth more than is expected", [1200, 3600, true], 1440],
    ["is never below what STS issues", [120, 3600, true], 900],
    ["is never above what the mode allows", [7200, 3600, true], 3600],
    ["is the floor when nobody says, since it is refreshed", [null, 3600, true], 900],
    ["is all the mode allows when nobody says, and it is not", [null, 3600, false], 3600],
    ["is what the agent may have, even below the floor", [null, 600, true], 600],
  ])("%s", (_what, [expected, longest, isRefreshed], seconds) => {
    expect(credentialSeconds(expected, { longest, isRefreshed })).toBe(seconds);
  });

  it.each([["90", 90], ["90s", 90], ["2m", 120], ["1h30m", 5400], ["7d", 604_800]])(
    "%s is %d seconds", (text, seconds) => {
      expect(secondsIn(text, "--expected")).toBe(seconds);
    },
  );

  it.each(["", "0", "2 m", "m", "-5", "1.5h", "8d", "1e9", "2m!"])("%j is none", (text) => {
    expect(() => secondsIn(text, "--expected")).toThrow("--expected is");
  });
});

describe("a plan", () => {
  it("takes the mode from either side", () => {
    const config = configWith({});
    expect(planOf({ ...asked, mode: undefined, modeOutside: "readonly" }, config).mode)
      .toBe("readonly");
    expect(planOf({ ...asked, modeOutside: "readonly" }, config).mode).toBe("readonly");
  });

  it("passes on agent and task to sessions opened from this one, not the mode", () => {
    const { session } = planOf(asked, configWith({}));
    expect(session.tags).toEqual({ agent: "aider", task: "T-1", mode: "readonly" });
    expect(session.transitiveTags).toEqual(["agent", "task"]);
  });

  it("keeps to what the agent may have", () => {
    const config = configWith({ maxLifetimeSeconds: 1800 }, { durationSeconds: 7200 });
    expect(planOf({ ...asked, expectedSeconds: 7200 }, config).session.durationSeconds).toBe(1800);
  });

  it("takes what is usually expected of the mode", () => {
    const config = configWith({}, { expectedSeconds: 2000 });
    expect(planOf(asked, config)).toMatchObject({
      expectedSeconds: 2000, session: { durationSeconds: 2400 },
    });
  });

  it.each<[string, { change?: object; agent?: object }, RegExp]>([
    [
      "a name that had to be changed", { change: { task: "acme/api#42" } },
      /called aider-acme-api-42/,
    ],
    [
      "an actor that had to be changed", { change: { actor: "dépôt" } },
      /source identity is called d-p-t/,
    ],
    [
      "a name that our rules would not know", { agent: { sessionNames: ["aider-??????????"] } },
      /fits none of aider's sessionNames/,
    ],
  ])("tells of %s", (_what, { change = {}, agent = {} }, note) => {
    const { notes } = planOf({ ...asked, ...change }, configWith(agent));
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(note);
  });

  it.each<[string, { change?: object; mode?: object }, string]>([
    ["a reason where the config wants one", { mode: { needsReason: true } }, "needs a reason"],
    ["a reason to write", { change: { mode: "readwrite" } }, "needs a reason"],
    ["a task that can be named", { change: { task: "two words" } }, "without spaces"],
  ])("needs %s", (_what, { change = {}, mode = {} }, said) => {
    expect(() => planOf({ ...asked, ...change }, configWith({}, mode))).toThrow(said);
  });
});
