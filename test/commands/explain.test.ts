import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assumed, keyMade, record } from "../builders/record.ts";
import { Workplace } from "./program.ts";
import { rootRule } from "./small-rules.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

beforeAll(async () => {
  place.trail("logs/a.json.gz", [assumed(), keyMade({ eventID: "made" })]);
  place.write("rules/root.yml", rootRule);
  await place.run(["scan", "logs", "--store", "t.db", "-q"]);
});

describe("explain", () => {
  it("shows every step from record to finding, from a store and from paths alike", async () => {
    const stored = await place.run(["explain", "made", "--store", "t.db"]);
    expect(stored).toMatchObject({ code: 0, stderr: "" });
    const titles = stored.stdout.split("\n").filter((line) => /^[A-Z]/.test(line));
    expect(titles).toEqual(["Record", "Event", "Session", "Agent", "Facts", "Rules", "Findings"]);
    for (const expected of [
      /^ {2}eventID +made$/m,
      /^ {2}operation +iam:CreateAccessKey \(needs iam:CreateAccessKey\)$/m,
      /^ {2}access +credential, by override$/m,
      /^ {2}mode +readonly, by role-name \(guessed\)$/m,
      /^ {2}issued +assume-role at 2026-03-01 10:00:00, found by access-key, asked for by /m,
      /^ {2}credential +ASIATASKKEY000000001 \(temporary\), 1 use, expires 2026-03-01 10:15:00$/m,
      /^ {2}name +claude-code \(discovered, confidence \w+\)$/m,
      /^ {2}event\.result +"allowed"$/m,
      /^ {2}matched creates-lasting-credentials$/m,
      /^ {2}[0-9a-f]{8} {2}\w+ {2}creates-lasting-credentials: arn:aws:sts::/m,
    ]) expect(stored.stdout).toMatch(expected);
    const read = await place.run(["explain", "made", "logs"]);
    expect(read.stdout).toBe(stored.stdout);
  });

  it("prints the same as JSON", async () => {
    const { code, stdout } = await place.run(["explain", "made", "logs", "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{
      event: { eventId: "made", session: { joinedBy: "access-key" } },
      leftOut: null,
      facts: { "event.operation": "iam:CreateAccessKey", "agent.name": "claude-code" },
      rules: expect.arrayContaining([
        expect.objectContaining({ detection: "creates-lasting-credentials", matched: true }),
      ]) as unknown,
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: "creates-lasting-credentials", eventIds: ["made"] }),
      ]) as unknown,
      record: { eventID: "made", eventName: "CreateAccessKey" },
    }]);
  });

  it("traces a rule that did not match, ours or one's own", async () => {
    const args = ["explain", "made", "logs", "--rules", "rules", "--rule", "root-activity"];
    const { stdout } = await place.run(args);
    expect(stdout).toMatch(/^ {2}no match root-activity\n {4}no {2}selection\n/m);
    expect(stdout).toMatch(/userIdentity\.type: expected .*Root.*, seen .*AssumedRole/);
  });

  it.each<[string, readonly string[], string]>([
    ["an event that is not there", ["explain", "none", "logs"],
      "There is no event none here. Print ids with: trailwarden scan <paths...> --events\n"],
    ["a rule that is not there", ["explain", "made", "logs", "--rule", "none"],
      "There is no rule none. List them with: trailwarden rules list\n"],
    ["a correlation", ["explain", "made", "logs", "--rule", "kill-chain"],
      "kill-chain is a correlation: it looks at many events. Trace the rules it counts.\n"],
  ])("of %s exits with 2", async (_what, args, stderr) => {
    expect(await place.run(args)).toMatchObject({ code: 2, stdout: "", stderr });
  });

  it("tells what of the paths could not be read", async () => {
    place.write("cut.ndjson", `${JSON.stringify(record({ eventID: "whole" }))}\n{"eventVersion`);
    const { code, stderr } = await place.run(["explain", "whole", "cut.ndjson"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^cut\.ndjson \(record 1, byte \d+\): truncated: /);
  });
});
