import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentUserAgent, keyMade, record } from "../builders/record.ts";
import { lines, Workplace, type Outcome } from "./program.ts";
import { iamUserRule, rootRecord, rootRule, userRecord } from "./small-rules.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

const findingKeys = [
  "id", "rule", "title", "level", "status", "confidence", "because", "entity", "agent", "role",
  "session", "credential", "account", "firstEventAt", "lastEventAt", "eventCount", "eventIds",
  "overAt", "values", "tags",
];
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Printed extends Record<string, unknown> {
  readonly rule: string;
  readonly firstEventAt: string;
  readonly lastEventAt: string;
}

/** Only the small rules: what our own find of these records is not what is tested here. */
const scan = (...args: readonly string[]): Promise<Outcome> =>
  place.run(["scan", "trail.json.gz", "--only-rules", "rules", "--quiet", ...args]);

beforeAll(() => {
  place.write("rules/user.yml", iamUserRule);
  place.write("rules/deeper/root.yaml", rootRule);
  place.trail("trail.json.gz", [
    record(), userRecord(), rootRecord(), rootRecord({
      eventID: "by-root-2", eventTime: "2026-03-01T10:05:00Z", eventName: "GetUser",
    }),
    rootRecord({ eventID: "of-a-service", eventType: "AwsServiceEvent" }),
  ]);
});

describe("the findings of a scan", () => {
  it("are one JSON object a line with --format ndjson, worst first", async () => {
    const { code, stdout, stderr } = await scan("--format", "ndjson");
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    const findings = (lines(stdout) as Printed[]);
    expect(findings.map((finding) => Object.keys(finding))).toEqual([findingKeys, findingKeys]);
    expect(findings[0]).toMatchObject({
      rule: "root-activity",
      title: "Root is at work",
      level: "high",
      status: "open",
      because: "arn:aws:iam::111111111111:root called iam:ListUsers (allowed).",
      entity: { type: "session", id: expect.any(String) as unknown },
      agent: null,
      role: null,
      credential: null,
      account: "111111111111",
      firstEventAt: "2026-03-01T10:01:00.000Z",
      lastEventAt: "2026-03-01T10:05:00.000Z",
      eventCount: 2,
      eventIds: ["by-root", "by-root-2"],
      values: { "userIdentity.type": "Root" },
      tags: [],
    });
    expect(findings[1]).toMatchObject({
      rule: "0d9f5b3e-6c1d-4a57-9a0a-5f6f3c2b1a01",
      level: "low",
      credential: { accessKeyId: "AKIAALICE00000000001" },
      eventCount: 1,
      eventIds: ["by-alice"],
      tags: ["attack.discovery"],
    });
  });

  it("carry agent, role, session and credential where there are any", async () => {
    place.trail("agent.json", [keyMade({ eventID: "made" })]);
    const { code, stdout } = await place.run(["scan", "agent.json", "-q", "-f", "ndjson"]);
    expect(code).toBe(1);
    const findings = (lines(stdout) as Printed[]);
    const finding = findings.find(({ rule }) => rule === "creates-lasting-credentials");
    expect(finding).toMatchObject({
      agent: { name: "claude-code", basis: "user-agent" },
      role: { arn: "arn:aws:iam::111111111111:role/agents/ro-inventory", mode: "readonly" },
      session: {
        id: "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
        arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
        name: "task-4711",
      },
      credential: { accessKeyId: "ASIATASKKEY000000001" },
      eventIds: ["made"],
    });
    for (const { firstEventAt, lastEventAt } of findings) {
      expect(firstEventAt).toMatch(iso);
      expect(lastEventAt).toMatch(iso);
    }
  });

  it("are one JSON array with --format json, and the same as with ndjson", async () => {
    const [json, ndjson] = [await scan("-f", "json"), await scan("-f", "ndjson")];
    expect(JSON.parse(json.stdout)).toEqual(lines(ndjson.stdout));
  });

  it("are one CSV row each with --format csv", async () => {
    const { stdout } = await scan("-f", "csv");
    const [head, first, second, end] = stdout.split("\r\n");
    expect(head).toBe(
      "id,rule,title,level,status,confidence,because,entity_type,entity_id,agent,role,mode," +
      "session,access_key_id,account,first_event_at,last_event_at,event_count,event_ids,tags",
    );
    expect(first).toMatch(/^[0-9a-f]{16},root-activity,Root is at work,high,open,/);
    expect(first).toMatch(/,2,by-root by-root-2,$/);
    expect(second).toMatch(/,1,by-alice,attack\.discovery$/);
    expect(end).toBe("");
  });

  it("are OCSF Detection Findings, one a line, with --format ocsf", async () => {
    const found = lines((await scan("-f", "ocsf")).stdout);
    expect(found).toMatchObject([
      { class_uid: 2004, severity: "High", metadata: { product: { version: "0.1.0" } } },
      { class_uid: 2004, severity: "Low" },
    ]);
  });

  it("are a SARIF 2.1.0 log with --format sarif, with the rules that fired", async () => {
    const log = JSON.parse((await scan("-f", "sarif")).stdout) as {
      version: string;
      runs: [{
        tool: { driver: { name: string; rules: { id: string }[] } };
        results: Record<string, unknown>[];
      }];
    };
    expect(log.version).toBe("2.1.0");
    const [{ tool, results }] = log.runs;
    expect(tool.driver.name).toBe("trailwarden");
    expect(tool.driver.rules.map(({ id }) => id).sort()).toEqual([
      "0d9f5b3e-6c1d-4a57-9a0a-5f6f3c2b1a01", "root-activity",
    ]);
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["root-activity", "error"], ["0d9f5b3e-6c1d-4a57-9a0a-5f6f3c2b1a01", "note"],
    ]);
    expect(results[0]).toMatchObject({ message: { text: expect.any(String) as unknown } });
  });

  it("are a table by default, and no table row is wider than what it holds", async () => {
    const { stdout } = await scan();
    const [head, ...rows] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^LEVEL\s+ID\s+RULE\s+AGENT\s+ENTITY\s+LAST\s+EVENTS\s+STATUS$/);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(
      /^high\s+[0-9a-f]{8}\s+root-activity\s.*2026-03-01 10:05:00\s+2\s+open$/,
    );
  });

  it("are summed up on standard error in two lines, unless --quiet", async () => {
    const { stderr } = await place.run(["scan", "trail.json.gz", "--only-rules", "rules"]);
    expect(stderr).toMatch(
      new RegExp(
        "^Read 5 events from 1 file \\(0 duplicates, 0 rejected\\) in [\\d.]+ s\\.\n" +
        "Findings: 1 high, 1 low\\.\n$",
      ),
    );
  });
});

describe("the exit code of a scan", () => {
  it.each<[string, number]>([
    ["informational", 1], ["low", 1], ["medium", 1], ["high", 1], ["critical", 0], ["never", 0],
  ])("with --fail-on %s and a high finding is %d", async (level, code) => {
    expect((await scan("--fail-on", level)).code).toBe(code);
  });

  it("is 0 where the worst finding is below medium", async () => {
    place.trail("low.json", [userRecord()]);
    const args = ["scan", "low.json", "--only-rules", "rules/user.yml", "-q", "-f", "ndjson"];
    const { code, stdout } = await place.run(args);
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(1);
  });
});

describe("rules of one's own", () => {
  it("work beside ours with --rules, which may be given several times", async () => {
    place.trail("both.json", [keyMade(), rootRecord(), userRecord()]);
    const args = ["scan", "both.json", "--rules", "rules/deeper", "--rules", "rules/user.yml"];
    const { stdout } = await place.run([...args, "-q", "-f", "ndjson"]);
    const found = (lines(stdout) as Printed[]).map(({ rule }) => rule);
    expect(found).toEqual(expect.arrayContaining([
      "root-activity", "0d9f5b3e-6c1d-4a57-9a0a-5f6f3c2b1a01", "creates-lasting-credentials",
    ]));
  });

  it("may use facts", async () => {
    place.write("fact/agent.yml", `
title: Claude Code reads
name: claude-reads
logsource: { product: aws, service: cloudtrail }
detection:
  selection:
    agent.name: claude-code
    event.access: [read, list]
  condition: selection
level: informational
`);
    place.trail("reads.json", [record({ userAgent: agentUserAgent, eventID: "read" }), record()]);
    const { stdout } = await place.run([
      "scan", "reads.json", "--only-rules", "fact", "-q", "-f", "ndjson",
    ]);
    expect((lines(stdout) as Printed[])).toMatchObject([{ rule: "claude-reads" }]);
  });
});
