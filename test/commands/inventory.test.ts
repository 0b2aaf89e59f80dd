import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptySnapshot } from "../../src/audit/snapshot.ts";
import { accountWith } from "../audit/accounts.ts";
import { populate } from "../audit/asked-account.ts";
import { role, trust } from "../audit/subjects.ts";
import { agentUserAgent, record } from "../builders/record.ts";
import { IamPlace } from "../servers/iam/iam-place.ts";
import { Workplace } from "./program.ts";

const work = new Workplace();
const aws = new IamPlace();
beforeAll(() => aws.open());
afterAll(async () => {
  await aws.close();
  work.remove();
});

const env = { AWS_ACCESS_KEY_ID: "AKIAOURSELVES0000001", AWS_SECRET_ACCESS_KEY: "secret" };
const inventory = (...args: readonly string[]) => work.run(["inventory", ...args], { env });

describe("inventory", () => {
  it("asks IAM, and lists who is an agent's", async () => {
    const account = aws.fresh();
    populate(account);
    work.write("trailwarden.yaml", JSON.stringify({
      aws: aws.aws,
      agents: [{ name: "aider", owner: "platform", roles: ["arn:aws:iam::*:role/agents/aider"] }],
    }));
    const { code, stdout, stderr } = await inventory();
    expect(stdout).toMatch(new RegExp(
      `^role +role/agents/aider \\(${account.state.id}\\) +aider +platform +unknown +` +
      `declared, tag, name +- +\\? of \\d+ +${account.state.id}$`, "m"));
    expect(stdout).not.toContain("idle");
    expect(stderr).toMatch(/^Agents' identities: \d+; \d+ ways? to become another\.$/m);
    expect(account.count("GenerateServiceLastAccessedDetails")).toBeGreaterThan(0);
    expect(code).toBe(0);
  });

  it("goes on where a permission is missing, with 3", async () => {
    const account = aws.fresh();
    populate(account);
    account.denied.add("iam:ListAccessKeys");
    const { code, stdout, stderr } = await inventory("-f", "csv");
    expect(stdout).toContain("role/agents/aider,");
    expect(stderr).toContain("iam:ListAccessKeys: ");
    expect(code).toBe(3);
  });

  it("of a store alone has what was seen", async () => {
    work.trail("one.json", [record({ userAgent: agentUserAgent })]);
    work.write("none.yaml", "");
    await work.run(["scan", "one.json", "--store", "h.db", "-q", "--config", "none.yaml"]);
    const { code, stdout } = await inventory(
      "--history-only", "--store", "h.db", "-f", "json", "--config", "none.yaml");
    expect(JSON.parse(stdout)).toMatchObject({
      identities: [{
        kind: "role", agents: ["claude-code"], found: [{ by: "seen", what: "claude-code" }],
        permissions: null, lastSessionAt: "2026-03-01T10:01:00.000Z",
      }],
      becoming: [], isCut: false,
    });
    expect(code).toBe(0);
  });
});

describe("the graph of who may become whom", () => {
  const from = role({ name: "agent", arn: "arn:aws:iam::111122223333:role/agent" });
  const hostile = role({
    name: "x", path: "/", arn: 'arn:aws:iam::111122223333:role/"]; click n0 "#<b>\\\u001b[31m',
    trust: trust({ AWS: from.arn }),
  });

  const shown = "role/#34;#93;#59; click n0 #34;#35;#60;b#62;#92;#183;#91;31m (111122223333)";

  it.each([
    ["mermaid", [
      "flowchart LR",
      '  n0["role/agent (111122223333)"]',
      `  n1["${shown}"]`,
      "  n0 --> n1",
      "  classDef agent stroke-width:3px",
      "  class n0 agent",
    ]],
    ["dot", [
      "digraph become {",
      "  rankdir=LR;",
      "  node [shape=box];",
      '  n0 [label="role/agent (111122223333)", penwidth=3];',
      String.raw`  n1 [label="role/\"]; click n0 \"#<b>\\·[31m (111122223333)"];`,
      "  n0 -> n1 [style=solid];",
      "}",
    ]],
  ])("is text that no name breaks out of, in %s", async (format, lines) => {
    work.write("iam.json", JSON.stringify({
      ...emptySnapshot(0), finishedAt: 0,
      accounts: [accountWith({ roles: [{ ...from, trust: "{}" }, hostile] })],
    }));
    const { stdout } = await inventory(
      "--from-snapshot", "iam.json", "-f", format, "-c", work.write("none.yaml", ""));
    expect(stdout.trimEnd().split("\n")).toEqual(lines);
  });
});
