import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsServer } from "../aws/aws-server.ts";
import { S3Service } from "../aws/s3-service.ts";
import { agentUserAgent, keyMade, record } from "../builders/record.ts";
import { ended, lines, Workplace, type Outcome } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

const account = "111111111111";
let s3: S3Service;
let server: AwsServer;
let onGet: () => void;
beforeEach(async () => {
  s3 = new S3Service("trail-logs");
  onGet = () => undefined;
  server = new AwsServer({
    s3: (call) => {
      const answer = s3.answer(call);
      if (call.url.searchParams.get("x-id") === "GetObject") onGet();
      return answer;
    },
  });
  await server.listen();
});
afterEach(async () => {
  await server.close();
});

/** A file with that event, delivered on that day of March 2026. */
function put(day: number, eventID: string, make = record): void {
  const folder = `AWSLogs/${account}/CloudTrail/eu-west-1/2026/03/0${day}/`;
  const name = `${account}_CloudTrail_eu-west-1_2026030${day}T1000Z_${eventID}.json.gz`;
  const made = make({ eventID, userAgent: agentUserAgent });
  s3.put(`${folder}${name}`, gzipSync(JSON.stringify({ Records: [made] })));
}

const env = (): Record<string, string> => ({
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "AKIAOURSELVES0000001",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});

const run = (...args: readonly string[]): Promise<Outcome> =>
  place.run(["backfill", ...args], { env: env() });
const range = ["--from", "2026-03-01", "--to", "2026-03-05"];

describe("backfill", () => {
  it("reads what lies between two days, and judges it", async () => {
    put(1, "a");
    put(5, "made", keyMade);
    put(6, "next");
    put(7, "behind");
    const { code, stdout, stderr } = await run("s3://trail-logs", ...range, "-s", "b.db");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(
      /^Read 3 events from 3 files \(0 duplicates, 0 rejected\) in [\d.]+ s\. 3 GETs, 0\.0 MB\.\n/m,
    );
    const findings = await place.run(["findings", "-s", "b.db", "-f", "ndjson"]);
    expect(lines(findings.stdout).length).toBeGreaterThan(0);
    const again = await run("s3://trail-logs", ...range, "-s", "b.db");
    expect(again.stderr).toContain("Read 0 events from 0 files");
    expect(again.stderr).toContain("0 GETs");
  });

  it("says beforehand what there is, and what reading it costs", async () => {
    put(1, "a");
    put(3, "b");
    const { code, stdout, stderr } = await run("s3://trail-logs", ...range, "--dry-run");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^ACCOUNT\s+REGION\s+FILES\s+SIZE\n1{12}\s+eu-west-1\s+2\s+0\.0 MB\n/);
    expect(stdout).toContain("2 files, 0.0 MB. Reading them costs less than $0.01 for GETs; ");
    expect(s3.gets).toEqual([]);
  });

  it("keeps to the accounts, regions and folder asked for", async () => {
    put(1, "a");
    const others = await Promise.all([
      run("s3://trail-logs", ...range, "--account", "222222222222", "--dry-run"),
      run("s3://trail-logs", ...range, "--region", "us-east-1", "--dry-run"),
      run(`s3://trail-logs/AWSLogs/${account}/CloudTrail/eu-west-1/2026/04`, ...range, "--dry-run"),
    ]);
    expect(others.map(({ stdout }) => stdout.split(",")[0])).toEqual(Array(3).fill("0 files"));
  });

  it("stopped by Ctrl-C it ends with 130, and the same command goes on", async () => {
    for (let i = 0; i < 80; i += 1) put(1 + (i % 5), `e${i}`);
    const args = ["s3://trail-logs", ...range, "-s", "stopped.db", "--concurrency", "2"];
    const child = place.start(["backfill", ...args], { env: env() });
    let getCount = 0;
    onGet = () => {
      getCount += 1;
      if (getCount === 10) child.kill("SIGINT");
    };
    child.stdin?.end();
    const { code, stderr } = await ended(child);
    expect(code).toBe(130);
    expect(stderr).toContain("Stopped. What was read is kept; the same command goes on from here.");
    expect(getCount).toBeLessThan(40);
    onGet = () => { getCount += 1; };
    expect((await run(...args)).code).toBe(0);
    expect(getCount).toBeLessThan(85);
    const info = await place.run(["store", "info", "-s", "stopped.db", "-f", "json"]);
    expect(JSON.parse(info.stdout)).toMatchObject({ eventCount: 80, duplicateCount: 0 });
  });

  it("killed at any moment it goes on all the same", async () => {
    for (let i = 0; i < 60; i += 1) put(1 + (i % 5), `k${i}`);
    const args = ["s3://trail-logs", ...range, "-s", "killed.db"];
    for (const killAt of [1, 9, 20]) {
      let getCount = 0;
      const child = place.start(["backfill", ...args], { env: env() });
      onGet = () => {
        getCount += 1;
        if (getCount === killAt) child.kill("SIGKILL");
      };
      child.stdin?.end();
      await once(child, "close");
    }
    const { code, stderr } = await run(...args);
    expect({ code, warnings: /Warning/.test(stderr) }).toEqual({ code: 0, warnings: false });
    const info = await place.run(["store", "info", "-s", "killed.db", "-f", "json"]);
    expect(JSON.parse(info.stdout)).toMatchObject({ eventCount: 60, duplicateCount: 0 });
  });

  it.each<[string, readonly string[], string]>([
    ["a URL that is none", ["trail-logs", "--from", "2026-03-01"], "trail-logs is no bucket"],
    ["a day that is none", ["s3://b-b", "--from", "2026-02-30"], "--from is 2026-02-30: expected"],
    [
      "an instant without a zone", ["s3://b-b", "--from", "2026-03-01T10:00"],
      "--from is 2026-03-01T10:00: expected a day such as 2026-03-01, or 2026-03-01T09:00Z.",
    ],
    [
      "an end before its beginning", ["s3://b-b", "--from", "2026-03-02", "--to", "2026-03-01"],
      "--from 2026-03-02 is behind --to 2026-03-01.",
    ],
    [
      "a bucket that is not there", ["s3://no-such-bucket", "--from", "2026-03-01", "-s", "x.db"],
      "Cannot list arn:aws:s3:::no-such-bucket: there is no such thing.",
    ],
  ])("answers %s with 2", async (_what, args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("that may not list names the permission, with 2", async () => {
    put(1, "a");
    s3.denied.add("");
    const { code, stderr } = await run("s3://trail-logs", ...range, "-s", "denied.db");
    expect(code).toBe(2);
    expect(stderr).toContain("the credentials may not do s3:ListBucket on it.");
  });

  it("of which a file is damaged ends with 3", async () => {
    put(1, "a");
    s3.put(`AWSLogs/${account}/CloudTrail/eu-west-1/2026/03/02/` +
      `${account}_CloudTrail_eu-west-1_20260302T1000Z_bad.json.gz`, Buffer.from("damaged"));
    const { code, stderr } = await run("s3://trail-logs", ...range, "-s", "damaged.db");
    expect(code).toBe(3);
    expect(stderr).toContain("20260302T1000Z_bad.json.gz (");
  });
});
