import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyMade, record, agentUserAgent } from "../builders/record.ts";
import { rootRecord, rootRule } from "./small-rules.ts";
import { lines, Workplace, type Outcome } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

interface Printed {
  readonly id: string;
  readonly rule: string;
  readonly status: string;
  readonly eventCount: number;
}

const findings = async (...args: readonly string[]): Promise<readonly Printed[]> => {
  const { stdout } = await place.run(["findings", "--store", "t.db", "-f", "ndjson", ...args]);
  return lines(stdout) as Printed[];
};
const inStore = (...args: readonly string[]): Promise<Outcome> =>
  place.run([...args, "--store", "t.db"]);
const ofRule = async (rule: string): Promise<Printed> => {
  const found = (await findings()).find((finding) => finding.rule === rule);
  if (found === undefined) throw new Error(`No finding of ${rule}.`);
  return found;
};

let first: Outcome;

beforeAll(async () => {
  place.trail("logs/a.json.gz", [keyMade({ eventID: "made-1" })]);
  place.trail("logs/b.json.gz", [
    keyMade({ eventID: "made-2" }), record({ eventID: "read", userAgent: agentUserAgent }),
  ]);
  first = await inStore("scan", "logs");
});

describe("a store", () => {
  it("holds what was scanned, for the verbs that look closer", async () => {
    expect(first.code).toBe(1);
    const finding = await ofRule("creates-lasting-credentials");
    expect(finding).toMatchObject({ status: "open", eventCount: 2 });
  });

  it("doubles nothing when the same folder is scanned again, which says so", async () => {
    const again = await inStore("scan", "logs");
    expect(again.stdout).toBe(first.stdout);
    expect(again.stderr).toMatch(
      /^Read 0 events from 0 files \(.*\) in [\d.]+ s\. 2 files had been read before\.\n/,
    );
    const copied = await place.run(
      ["scan", place.trail("copy.json", [keyMade({ eventID: "other", requestID: "other" })])],
      { env: { TRAILWARDEN_STORE: "t.db" } },
    );
    expect(copied.stderr).toMatch(/^Read 1 event from 1 file /);
    expect(await ofRule("creates-lasting-credentials")).toMatchObject({ eventCount: 3 });
  });

  it("is judged again when rules or config change, and back when they change back", async () => {
    place.write("rules/root.yml", rootRule);
    const of = (...args: readonly string[]): Promise<Outcome> =>
      place.run(["scan", root, "--store", "rules.db", "-f", "ndjson", ...args]);
    const root = place.trail("root.json", [rootRecord()]);
    expect((await of()).stdout).not.toContain("root-activity");
    expect((await of("--rules", "rules")).stdout).toContain('"rule":"root-activity"');
    expect((await of()).stdout).not.toContain("root-activity");
    const kept = await place.run(["findings", "--store", "rules.db", "--rule", "root-activity"]);
    expect(kept.stdout).toContain("closed");
  });

  it("is judged even when the scan prints events", async () => {
    const args = ["scan", "logs", "--events", "-f", "csv", "-q", "--store", "events.db"];
    expect((await place.run(args)).code).toBe(0);
    const { stdout } = await place.run(["findings", "--store", "events.db"]);
    expect(stdout).toContain("creates-lasting-credentials");
  });

  it("is found in TRAILWARDEN_STORE", async () => {
    const { stdout } = await place.run(["findings", "-f", "ndjson"], {
      env: { TRAILWARDEN_STORE: "t.db" },
    });
    expect(lines(stdout)).toHaveLength((await findings()).length);
  });
});

describe("sessions", () => {
  it("are listed with agent, role, mode and counts", async () => {
    const { stdout, code } = await inStore("sessions");
    expect(code).toBe(0);
    const head = stdout.slice(0, stdout.indexOf("\n")).split(/\s+/).join(" ");
    expect(head).toBe("AGENT BASIS ROLE MODE SESSION TASK FIRST SECONDS EVENTS WRITES DENIED");
    expect(stdout).toMatch(/\nclaude-code\s+user-agent\s+ro-inventory\s+readonly\?\s+task-4711\s+/);
  });

  it("come as JSON, NDJSON and CSV too", async () => {
    const [json, ndjson, csv] = [
      await inStore("sessions", "-f", "json"), await inStore("sessions", "-f", "ndjson"),
      await inStore("sessions", "-f", "csv"),
    ];
    const sessions = JSON.parse(json.stdout) as unknown[];
    expect(sessions).toEqual(lines(ndjson.stdout));
    expect(sessions).toMatchObject([{
      id: "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
      name: "task-4711",
      agent: { name: "claude-code", status: "discovered", basis: [{ by: "user-agent" }] },
      createdAt: "2026-03-01T10:00:00.000Z",
      credentials: [{ accessKeyId: "ASIATASKKEY000000001", kind: "temporary" }],
    }]);
    expect(csv.stdout.split("\r\n")[1]).toMatch(
      /^AROATASK000000000000B:task-4711@.*,claude-code,user-agent,arn:aws:iam::/,
    );
  });

  it("are as many as --limit says, and of one agent with --agent", async () => {
    expect((await inStore("sessions", "--agent", "nobody")).stdout).toBe(
      "No sessions of agents. See --all.\n",
    );
    for (const limit of ["x", "0", "-1", "1.5"]) {
      expect(await inStore("sessions", `--limit=${limit}`)).toMatchObject({
        code: 2, stderr: `--limit is ${limit}: expected a whole number above 0.\n`,
      });
    }
  });
});

describe("a finding", () => {
  it("is shown in full by the beginning of its id", async () => {
    const { id } = await ofRule("creates-lasting-credentials");
    const { code, stdout } = await inStore("findings", "show", id.slice(0, 6));
    expect(code).toBe(0);
    expect(stdout).toContain("(creates-lasting-credentials, confidence ");
    expect(stdout).toContain(`${id} is open.`);
    expect(stdout).toContain('    event.result = "allowed"');
    const json = await inStore("findings", "show", id, "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject([{ id, status: "open" }]);
    expect(await inStore("findings", "show", "zzzz")).toMatchObject({
      code: 2, stderr: "There is no finding zzzz. List them with: trailwarden findings\n",
    });
  });

  it("stays acknowledged over the next scan, and still counts", async () => {
    const { id } = await ofRule("creates-lasting-credentials");
    const done = await inStore("findings", "acknowledge", id, "--note", "Ann looks.");
    expect(done).toMatchObject({ code: 0, stdout: `${id} is acknowledged.\n` });
    expect((await inStore("scan", "logs", "-q")).code).toBe(1);
    expect(await findings("--status", "acknowledged")).toMatchObject([{ id }]);
    expect((await inStore("findings", "show", id)).stdout).toContain("acknowledged: Ann looks.");
  });

  it("is closed with a verdict and a note, and then no longer counts", async () => {
    for (const { id } of await findings()) {
      const args = ["findings", "close", id, "--verdict", "benign", "--note", "A drill."];
      const closed = await inStore(...args);
      expect(closed).toMatchObject({ code: 0, stdout: `${id} is closed as benign.\n` });
    }
    expect(new Set((await findings()).map(({ status }) => status))).toEqual(new Set(["closed"]));
    const again = await inStore("scan", "logs");
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(
      /\nFindings: none; \d+ suppressed, closed or over by themselves\.\n$/,
    );
    const { id } = await ofRule("creates-lasting-credentials");
    const late = await inStore("findings", "acknowledge", id, "--note", "x");
    expect(late).toMatchObject({
      code: 2, stderr: `${id} is closed already. See: findings show ${id}\n`,
    });
    const needs = await inStore("findings", "close", id, "--note", "x");
    expect(needs).toMatchObject({ code: 2 });
    expect(needs.stderr).toContain("--verdict");
  });
});

describe("a suppression", () => {
  const of = (...args: readonly string[]): Promise<Outcome> =>
    place.run([...args, "--store", "s.db"]);
  const status = async (): Promise<readonly string[]> => {
    const { stdout } = await of("findings", "-f", "ndjson");
    return [...new Set((lines(stdout) as Printed[]).map((finding) => finding.status))];
  };

  it("hides what fits it, with a reason and an end, until it is ended", async () => {
    await of("scan", "logs", "-q");
    const made = await of("findings", "suppress", "--agent", "claude-*", "--reason", "A drill.");
    expect(made.stdout).toMatch(
      /^Suppressed until \d{4}-\d\d-\d\d [\d:]{8} UTC as [0-9a-f]{8}\.\n$/,
    );
    const id = /as (\w+)\./.exec(made.stdout)?.[1] ?? "";
    expect(await status()).toEqual(["suppressed"]);
    expect((await of("scan", "logs", "-q")).code).toBe(0);
    const listed = await of("findings", "suppressions");
    const row = listed.stdout.split("\n").find((line) => line.startsWith(id)) ?? "";
    expect(row).toMatch(/^\w+ +\* +\* +claude-\* +\* .*A drill\.$/);
    const lifted = await of("findings", "unsuppress", id);
    expect(lifted).toMatchObject({ code: 0, stdout: `${id} is ended.\n` });
    expect(await status()).toEqual(["open"]);
    expect((await of("findings", "suppressions")).stdout).toBe("Nothing is suppressed.\n");
    expect(await of("findings", "unsuppress", id)).toMatchObject({ code: 2 });
  });

  it.each<[string, readonly string[], string]>([
    ["of everything", [],
      "A suppression of everything is none. Give --rule, --entity, --agent or --account.\n"],
    ["for ever", ["--rule", "x", "--days", "9999"], "--days is 9999: expected 1 to 365.\n"],
  ])("%s is refused", async (_what, args, stderr) => {
    const outcome = await of("findings", "suppress", "--reason", "x", ...args);
    expect(outcome).toMatchObject({ code: 2, stderr });
  });
});
