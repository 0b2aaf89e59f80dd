import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentUserAgent, assumed, keyMade, record, roleIdentity } from "../builders/record.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

const eventKeys = [
  "eventId", "eventAt", "operation", "access", "result", "errorCode", "denial", "region",
  "account", "principal", "session", "credential", "agent", "network", "userAgent",
];

interface Printed extends Record<string, unknown> {
  readonly eventId: string;
}

let printed: ReadonlyMap<string, Printed>;

beforeAll(async () => {
  const denied = {
    eventID: "denied", errorCode: "AccessDenied", requestParameters: null, responseElements: null,
    errorMessage: "User: x is not authorized to perform: iam:CreateAccessKey on resource: user " +
      "bob because no identity-based policy allows the iam:CreateAccessKey action",
  };
  place.trail("trail.json.gz", [
    assumed({ fields: { eventID: "issued" } }), keyMade(denied),
    record({ eventID: "read", userAgent: agentUserAgent }),
    record({
      eventID: "service", eventType: "AwsServiceEvent", readOnly: undefined,
      userIdentity: { accountId: "111111111111", invokedBy: "secretsmanager.amazonaws.com" },
      eventSource: "secretsmanager.amazonaws.com", eventName: "RotationStarted",
      sourceIPAddress: "secretsmanager.amazonaws.com", userAgent: "secretsmanager.amazonaws.com",
    }),
  ]);
  const args = ["scan", "trail.json.gz", "--events", "--format", "ndjson", "--quiet"];
  const { code, stdout } = await place.run(args);
  expect(code).toBe(0);
  const events = (lines(stdout) as Printed[]);
  expect(events).toHaveLength(4);
  printed = new Map(events.map((event) => [event.eventId, event]));
});

describe("an event as scan --events prints it", () => {
  it("has exactly the keys of the contract", () => {
    for (const event of printed.values()) expect(Object.keys(event)).toEqual(eventKeys);
  });

  it("carries what was done, by whom, in which session, behind which agent, from where", () => {
    expect(printed.get("read")).toMatchObject({
      eventAt: "2026-03-01T10:01:00.000Z",
      operation: "ec2:DescribeInstances",
      access: "list",
      result: "allowed",
      errorCode: null,
      denial: null,
      region: "eu-west-1",
      account: "111111111111",
      principal: {
        kind: "role-session",
        id: "AROATASK000000000000B:task-4711",
        arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
        accessKeyId: "ASIATASKKEY000000001",
      },
      session: {
        id: "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
        name: "task-4711",
        roleArn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
        mode: "readonly",
        joinedBy: "access-key",
      },
      credential: {
        accessKeyId: "ASIATASKKEY000000001", kind: "temporary",
        expiresAt: "2026-03-01T10:15:00.000Z",
      },
      agent: { name: "claude-code", basis: "user-agent", status: "discovered" },
      network: { kind: "ipv4", address: "198.51.100.9" },
      userAgent: { family: "aws-cli", version: "2.36.7", os: "linux", language: "python" },
    });
  });

  it("says why it was denied", () => {
    expect(printed.get("denied")).toMatchObject({
      operation: "iam:CreateAccessKey",
      result: "denied",
      errorCode: "AccessDenied",
      denial: { kind: "implicit", policyType: "identity-based" },
    });
  });

  it("of a service has no agent and no credential", () => {
    expect(printed.get("service")).toMatchObject({
      principal: { kind: "service", accessKeyId: null }, credential: null, agent: null,
    });
  });
});

describe("scan --events", () => {
  it("prints the same with --format json, and a row each with csv and table", async () => {
    const run = (format: string) =>
      place.run(["scan", "trail.json.gz", "--events", "-q", "-f", format]);
    const [json, csv, table] = [await run("json"), await run("csv"), await run("table")];
    const events = JSON.parse(json.stdout) as Printed[];
    expect(events.map(({ eventId }) => printed.get(eventId))).toEqual(events);
    expect(csv.stdout.split("\r\n")).toHaveLength(4 + 2);
    expect(csv.stdout).toMatch(/^eventId,eventAt,operation,access,result,/);
    expect(table.stdout.trimEnd().split("\n")).toHaveLength(4);
  });

  it("judges nothing, and so does not exit with 1", async () => {
    place.trail("bad.json", [keyMade()]);
    const args = ["scan", "bad.json", "--events", "--fail-on", "informational"];
    expect((await place.run(args)).code).toBe(0);
  });

  it("is refused as SARIF, which holds findings", async () => {
    const outcome = await place.run(["scan", "trail.json.gz", "--events", "-f", "sarif"]);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toBe("Events cannot be printed as SARIF. Try --format ndjson.\n");
  });

  it("with --agents-only leaves out what cannot be an agent's", async () => {
    const person = record({
      eventID: "person", userAgent: "console.amazonaws.com",
      userIdentity: {
        type: "IAMUser", principalId: "AIDAALICE00000000001", userName: "alice",
        arn: "arn:aws:iam::111111111111:user/alice", accountId: "111111111111",
      },
    });
    const other = roleIdentity({ role: "web", session: "web-1", roleId: "AROAWEB0000000000001" });
    place.trail("mixed.json.gz", [record({ eventID: "agent" }), person,
      record({ eventID: "other", userIdentity: other })]);
    place.write("agents.yaml", `
agents:
  - name: inventory
    roles: ["arn:aws:iam::*:role/agents/ro-inventory"]
`);
    const outcome = await place.run([
      "scan", "mixed.json.gz", "--agents-only", "--config", "agents.yaml", "--events",
      "--format", "ndjson",
    ]);
    expect((lines(outcome.stdout) as Printed[])).toMatchObject([
      { eventId: "agent", agent: { name: "inventory", basis: "role-arn", status: "declared" } },
    ]);
    expect(outcome.stderr).toContain("2 skipped");
  });
});
