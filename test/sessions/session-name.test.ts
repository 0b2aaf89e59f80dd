import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  sessionNameFrom,
  sessionNameOf,
  tagValueOf,
  type MadeName,
} from "../../src/sessions/session-name.ts";

const parts = {
  agent: "aider", task: "T-123", mode: "readonly", actor: "alice", epoch: 1772359200,
};

describe("a session's name", () => {
  it.each<[string, string, MadeName]>([
    ["its agent and the time", "{agent}-{epoch}", { name: "aider-1772359200", wanted: null }],
    ["its task", "{agent}-{task}", { name: "aider-T-123", wanted: null }],
    ["who is behind it", "{actor}.{mode}", { name: "alice.readonly", wanted: null }],
    ["text alone", "nightly", { name: "nightly", wanted: null }],
  ])("is made of %s", (_what, template, made) => {
    expect(sessionNameFrom(template, parts)).toEqual(made);
  });

  it.each<[string, string, MadeName]>([
    ["slashes and hashes", "acme/api#42", { name: "acme-api-42", wanted: "acme/api#42" }],
    ["letters beyond ASCII", "jürgen", { name: "j-rgen", wanted: "jürgen" }],
    ["less than two characters", "a", { name: "a-", wanted: "a" }],
    ["nothing", "", { name: "--", wanted: "" }],
  ])("is made to fit, and says so: %s", (_what, wanted, made) => {
    expect(sessionNameOf(wanted)).toEqual(made);
  });

  it("that is too long keeps its beginning, and stays another than its like", () => {
    const [one, two] = ["a", "b"].map((end) => sessionNameOf("x".repeat(80) + end).name);
    expect(one).toMatch(/^x{55}-[0-9a-f]{8}$/);
    expect(two).not.toBe(one);
  });

  it("is one that AWS takes, whatever was wanted", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (wanted) => {
      expect(sessionNameOf(wanted).name).toMatch(/^[A-Za-z0-9_+=,.@-]{2,64}$/);
    }));
  });

  it("does not take what it puts in for more to put in", () => {
    const made = sessionNameFrom("{task}", { ...parts, task: "{actor}" });
    expect(made).toEqual({ name: "-actor-", wanted: "{actor}" });
  });
});

describe("a tag's value", () => {
  it.each([
    ["acme/api#42", "acme/api_42"],
    ["jürgen @ home", "jürgen @ home"],
    ["x".repeat(300), "x".repeat(256)],
    [`${"x".repeat(255)}\u{20000}`, "x".repeat(255)],
  ])("%s", (text, value) => {
    expect(tagValueOf(text)).toBe(value);
  });
});
