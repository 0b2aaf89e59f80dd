import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { knownPart, notAsked } from "../../src/audit/part.ts";
import { emptySnapshot } from "../../src/audit/snapshot.ts";
import { allow, document, reported, role, user } from "../audit/subjects.ts";
import { agentUserAgent, instantAt, keyMade, record, roleIdentity } from "../builders/record.ts";
import { Workplace } from "./program.ts";

const work = new Workplace();
afterAll(() => {
  work.remove();
});

const account = "111111111111";
const own = `arn:aws:iam::${account}:role/agents/ro-inventory`;
const broken = `arn:aws:iam::${account}:role/agents/broken`;
const denied = { errorCode: "AccessDenied", errorMessage: "Access Denied" };

beforeAll(async () => {
  const console = roleIdentity({
    session: "ann", accessKeyId: "ASIAANN0000000000001", createdAt: instantAt(300),
    context: { attributes: { creationDate: instantAt(300), mfaAuthenticated: "true" } },
  });
  work.trail("one.json", [
    record({ userAgent: agentUserAgent }),
    record({ userIdentity: console, eventTime: instantAt(400) }),
    record({
      userIdentity: roleIdentity({
        role: "broken", roleId: "AROABROKEN0000000001", accessKeyId: "ASIABROKEN0000000001",
      }),
      ...denied,
    }),
  ]);
  const { code } = await work.run(["scan", "one.json", "--store", "h.db", "-q"]);
  expect(code).toBe(0);
});

interface Result {
  readonly result: string;
  readonly check: string;
  readonly subject: string | null;
  readonly because: string;
}

async function results(...args: readonly string[]): Promise<readonly Result[]> {
  const { stdout } = await work.run(["audit", ...args, "--store", "h.db", "-f", "json"]);
  return (JSON.parse(stdout) as { readonly results: readonly Result[] }).results;
}

const of = (found: readonly Result[], subject: string | null) =>
  Object.fromEntries(found.filter((one) => one.subject === subject)
    .map(({ check, result }) => [check, result]));

describe("audit --history-only", () => {
  it("answers what the store can, without AWS; of the rest it says why not", async () => {
    const found = await results("--history-only");
    expect(of(found, own)).toEqual({
      "role-only-denied": "pass", "shared-with-people": "fail", "agent-as-person": "pass",
      "outlives-tasks": "pass",
    });
    expect(of(found, broken)).toMatchObject({ "role-only-denied": "fail" });
    expect(of(found, "claude-code")).toEqual({
      "agent-never-declared": "fail", "agent-never-seen": "pass",
    });
    expect(of(found, null)).toMatchObject({ "trust-too-wide": "unknown", "key-old": "unknown" });
    expect(new Set(found.map(({ check }) => check)).size).toBe(23);
    expect(found.find(({ check }) => check === "key-old")?.because).toBe("It was not asked for.");
  });

  it("exits with 1 when a check failed, with 0 below --fail-on, unknown or not", async () => {
    const run = (...args: readonly string[]) =>
      work.run(["audit", "--history-only", "--store", "h.db", ...args]);
    const { code, stdout, stderr } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain(`medium  role-only-denied  ${broken}\n  All of its 1 calls`);
    expect(stderr).toContain("with history from 2026-03-01 to 2026-03-01.");
    expect((await run("--fail-on", "high")).code).toBe(0);
    expect((await run("--check", "trust-too-wide")).code).toBe(0);
  });

  it("needs a store", async () => {
    const { code, stderr } = await work.run(["audit", "--history-only"]);
    expect(code).toBe(2);
    expect(stderr).toContain("There is no store at trailwarden.db.");
  });

  it("knows that a store of agents' records alone has not all calls", async () => {
    const service = { type: "AWSService", invokedBy: "ec2.amazonaws.com" };
    work.trail("two.json", [record({ userIdentity: service })]);
    await work.run(["scan", "one.json", "two.json", "--agents-only", "--store", "few.db", "-q"]);
    const { stdout } = await work.run(["audit", "--history-only", "--store", "few.db"]);
    expect(stdout).toContain("Not all of its calls are known: ");
  });
});

/** Everything a terminal, a spreadsheet or a page might obey. */
const name = "=cmd|' /C calc'!A0\u001b[31m\u001b]0;title\u0007\r\n# a ```</script>\u202egnp\u200b";
const obeyed = /(?![\r\n])[\p{Cc}\u200b-\u200f\u202a-\u202e]/u;

describe("hostile names", () => {
  it.each(["table", "csv", "markdown", "html", "json"])("are neutralised in %s", async (format) => {
    const arn = `arn:aws:iam::${account}:role/${name}`;
    const snapshot = {
      ...emptySnapshot(0),
      accounts: [{
        id: account, partition: "aws", isManagement: null,
        identities: knownPart({
          users: [user({ name, arn: `${name}/user` })], groups: [], policies: [],
          roles: [role({
            name, arn, inlinePolicies: [{ name, document: document(allow("iam:*")) }],
            attachedPolicyArns: [name],
          })],
        }, 0),
        credentialReport: knownPart(
          { generatedAt: 0, users: [reported({ arn: `${name}/user`, hasPassword: true })] }, 0),
        oidcProviders: notAsked("x"), samlProviders: notAsked("x"), summary: notAsked("x"),
      }],
    };
    work.write("hostile.json", JSON.stringify(snapshot));
    work.trail("hostile-trail.json", [keyMade({ userIdentity: roleIdentity({ role: name }) })]);
    await work.run(["scan", "hostile-trail.json", "--store", "hostile.db", "-q"]);
    const { code, stdout, stderr } = await work.run(
      ["audit", "--from-snapshot", "hostile.json", "--store", "hostile.db", "-f", format]);
    expect(code).toBe(1);
    expect(stderr).not.toMatch(obeyed);
    expect(stdout).toContain(format === "html" ? "calc&#39;" : "calc'");
    if (format === "json") return;
    expect(stdout).not.toMatch(obeyed);
    if (format === "csv") {
      expect(stdout).not.toMatch(/(?:^|,)"?[=+@-]/m);
      expect(stdout.trimEnd().split("\r\n").every((row) => row.split(",").length > 9)).toBe(true);
    }
    if (format === "html") expect(stdout).not.toContain("</script>");
    // No line of theirs begins anything.
    expect(stdout).not.toMatch(/^# a/m);
  });
});
