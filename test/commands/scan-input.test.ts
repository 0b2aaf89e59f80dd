import { chmodSync, symlinkSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { keyMade, record } from "../builders/record.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

interface Printed {
  readonly eventId: string;
}

const quiet = ["--events", "--format", "ndjson", "--quiet"];

async function idsIn(paths: readonly string[], input: string | Buffer = ""): Promise<string[]> {
  const outcome = await place.run(["scan", ...paths, ...quiet], { input });
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  return idsOf(outcome.stdout).sort();
}

function idsOf(stdout: string): string[] {
  return (lines(stdout) as Printed[]).map(({ eventId }) => eventId);
}

const [one, two] = [record({ eventID: "one" }), record({ eventID: "two" })];
const ndjson = `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`;

describe("scan reads", () => {
  it.each<[string, string, string | Buffer]>([
    ["a gzip trail file", "a/trail.json.gz", gzipSync(JSON.stringify({ Records: [one, two] }))],
    ["a plain trail file", "b/trail.json", JSON.stringify({ Records: [one, two] })],
    ["an array", "c/events.json", JSON.stringify([one, two], null, 2)],
    ["NDJSON", "d/events.ndjson", ndjson],
    ["gzip NDJSON of two members", "e/events.gz", Buffer.concat([
      gzipSync(`${JSON.stringify(one)}\n`), gzipSync(`${JSON.stringify(two)}\n`),
    ])],
    ["a file of any name that is named outright", "f/events.txt", ndjson],
    ["EventBridge envelopes", "g/bus.ndjson", [one, two].map((detail) => JSON.stringify({
      version: "0", "detail-type": "AWS API Call via CloudTrail", source: "aws.ec2", detail,
    })).join("\n")],
    ["a page of LookupEvents", "h/page.json", JSON.stringify({
      Events: [one, two].map((event) => ({ CloudTrailEvent: JSON.stringify(event) })),
    })],
  ])("%s", async (_what, name, content) => {
    expect(await idsIn([place.write(name, content)])).toEqual(["one", "two"]);
  });

  it("standard input for -, gzip or plain", async () => {
    expect(await idsIn(["-"], ndjson)).toEqual(["one", "two"]);
    expect(await idsIn(["-"], gzipSync(ndjson))).toEqual(["one", "two"]);
  });

  it("folders whole, and each event once though several files hold it", async () => {
    place.trail("tree/2026/03/01/first.json.gz", [one, two]);
    place.trail("tree/2026/03/02/again.json", [two, record({ eventID: "three" })]);
    place.write("tree/README.md", "No CloudTrail here.");
    const outcome = await place.run(["scan", "tree", "./tree/2026/", "--fail-on", "never"]);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toMatch(
      /^Read 3 events from 2 files \(1 duplicate, 0 rejected\) in [\d.]+ s\. 1 file passed over /,
    );
    expect(await idsIn(["tree"])).toEqual(["one", "three", "two"]);
  });

  it("an empty trail file, which is no trouble", async () => {
    const outcome = await place.run(["scan", place.trail("none.json.gz", [])]);
    expect(outcome).toMatchObject({ code: 0, stdout: "No findings.\n" });
    expect(outcome.stderr).toMatch(/^Read 0 events from 1 file .*\nFindings: none\.\n$/);
  });

  it("an empty folder with a word about it, and exits with 0", async () => {
    place.write("notes/todo.txt", "");
    const outcome = await place.run(["scan", "notes"]);
    expect(outcome).toMatchObject({ code: 0, stdout: "No findings.\n" });
    expect(outcome.stderr).toMatch(
      /^There are no CloudTrail files under notes\. 1 file there has another ending than /,
    );
  });

  it("digest and Insight files without taking them for events", async () => {
    const digest = {
      awsAccountId: "111111111111", digestS3Object: "AWSLogs/x.json.gz",
      previousDigestS3Object: null, logFiles: [],
    };
    place.write("AWSLogs/CloudTrail-Digest/d.json.gz", gzipSync(JSON.stringify(digest)));
    place.trail("AWSLogs/CloudTrail/t.json.gz", [one]);
    const outcome = await place.run(["scan", "AWSLogs", "--events", "--format", "ndjson"]);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain("from 2 files (0 duplicates, 0 rejected, 1 digest)");
  });
});

describe("scan of input that is partly unreadable exits with 3", () => {
  it("for a gzip file cut short: what stands before the cut is judged", async () => {
    // Ids and names that do not repeat, so that the stream has something in its every part.
    const records = Array.from({ length: 400 }, (_, i) => keyMade({ eventID: `cut-${i * 7919}` }));
    const whole = gzipSync(JSON.stringify({ Records: records }));
    place.write("cut.json.gz", whole.subarray(0, Math.floor(whole.length * 0.8)));
    const outcome = await place.run(["scan", "cut.json.gz", ...quiet]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(
      /^cut\.json\.gz \(record \d+, byte \d+\): bad-gzip: .*cut short/,
    );
    expect(lines(outcome.stdout).length).toBeGreaterThan(100);
    const judged = await place.run(["scan", "cut.json.gz", "--fail-on", "never", "-f", "ndjson"]);
    expect(judged.code).toBe(3);
    expect(judged.stdout).toContain('"rule":"creates-lasting-credentials"');
  });

  it("for a broken record in the middle: its neighbours are read", async () => {
    const [before, after] = [record({ eventID: "before" }), record({ eventID: "after" })];
    const text = `{"Records":[${JSON.stringify(before)},{"eventVersion":"1.11", oops},` +
      `${JSON.stringify(after)}]}`;
    place.write("broken.json", text);
    const outcome = await place.run(["scan", "broken.json", ...quiet]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toBe(
      `broken.json (record 1, byte ${text.indexOf('{"eventVersion":"1.11", oops')}): ` +
      "not-json: The record is not valid JSON.\n",
    );
    expect(idsOf(outcome.stdout)).toEqual(["before", "after"]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ["another major version", { eventVersion: "2.0" }, /0, byte \d+\): unsupported-version: /],
    ["no time", { eventTime: undefined }, /record 0, byte \d+\): no-event-time: /],
    ["a name that is no text", { eventName: 7 }, /record 0, byte \d+\): no-event-name: /],
  ])("for a record with %s", async (_what, fields, expected) => {
    place.trail("odd.json", [record(fields), one]);
    const outcome = await place.run(["scan", "odd.json", ...quiet]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(expected);
    expect(idsOf(outcome.stdout)).toEqual(["one"]);
  });

  it("for a link to nowhere in a folder, which does not stop the scan", async () => {
    place.trail("links/good.json", [one]);
    symlinkSync("/nowhere/at/all.json", place.path("links/dangling.json"));
    const outcome = await place.run(["scan", "links", ...quiet]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toBe(
      "Cannot read links/dangling.json: there is no such file or folder. Check the path.\n",
    );
    expect(idsOf(outcome.stdout)).toEqual(["one"]);
  });

  // Root may list any folder.
  it.skipIf(process.getuid?.() === 0)("for a folder below that may not be listed", async () => {
    place.trail("tree/open/a.json", [one]);
    place.trail("tree/locked/b.json", [two]);
    chmodSync(place.path("tree/locked"), 0);
    const outcome = await place.run(["scan", "tree/open", "tree", ...quiet]);
    chmodSync(place.path("tree/locked"), 0o700);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(/^Cannot read tree\/locked: it may not be read by this user\. /);
    expect(idsOf(outcome.stdout)).toContain("one");
  });

  it("but with 1 when there are findings too", async () => {
    place.write("bad-and-broken.ndjson", `${JSON.stringify(keyMade())}\n{"oops\n`);
    const outcome = await place.run(["scan", "bad-and-broken.ndjson", "--quiet"]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("bad-and-broken.ndjson (record 1, byte ");
  });
});

describe("scan of files that a store has", () => {
  it("reads what --agents-only had skipped when everything is wanted", async () => {
    const service = record({
      eventID: "service", userIdentity: { type: "AWSService", invokedBy: "ec2.amazonaws.com" },
    });
    place.trail("mixed.json", [one, service]);
    const again = async (...args: string[]) => {
      const kept = ["scan", "mixed.json", "--store", "mixed.db", "--fail-on", "never", ...args];
      return (await place.run(kept)).stderr.split("\n")[0];
    };
    expect(await again("--agents-only")).toMatch(/^Read 1 event .*1 skipped/);
    expect(await again("--agents-only")).toMatch(/^Read 0 events .* 1 file had been read before/);
    expect(await again()).toMatch(/^Read 1 event from 1 file \(1 duplicate, 0 rejected\)/);
    expect(await again("--agents-only")).toMatch(/^Read 0 events .* 1 file had been read before/);
  });
});
