import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AwsServer } from "../aws/aws-server.ts";
import { always, FaultyServer, first, s3Error } from "../aws/faulty-server.ts";
import { PublicKeyService } from "../aws/public-key-service.ts";
import { trailService, type ServedTrail } from "../aws/trail-service.ts";
import { EvidencePlace } from "../evidence/evidence-place.ts";
import { firstKey, MadeTrail, secondKey } from "../evidence/trail-made.ts";
import { Workplace, type Outcome } from "./program.ts";

const place = new Workplace();
const keys = new PublicKeyService();
const trails: ServedTrail[] = [];
const cloudTrail = new AwsServer({
  cloudtrail: (call) => call.headers["x-amz-target"] === "CloudTrail_20131101.ListPublicKeys"
    ? keys.answer(call) : trailService(trails)(call),
});
let evidence: EvidencePlace;
let faulty: FaultyServer;
let s3Endpoint: string;
beforeAll(async () => {
  evidence = await EvidencePlace.start();
  faulty = new FaultyServer(evidence.endpoint);
  s3Endpoint = await faulty.listen();
  await cloudTrail.listen();
});
afterAll(async () => {
  await cloudTrail.close();
  await faulty.close();
  await evidence.stop();
  place.remove();
});

const march = (day: number) => Date.UTC(2026, 2, day);
beforeEach(() => {
  faulty.faults = [];
  keys.isDenied = false;
  // The second signs what is made a month later.
  const served = [
    { ...firstKey, from: march(-20), to: march(10) },
    { ...secondKey, from: march(11), to: march(60) },
  ];
  keys.keys.set("eu-west-1", served);
  keys.keys.set("us-east-1", served);
});

const range = ["--from", "2026-03-01T01:01:31Z", "--to", "2026-03-01T06:01:31Z"];

function run(...args: readonly string[]): Promise<Outcome> {
  return place.run(["verify-trail", ...args], {
    env: {
      AWS_ENDPOINT_URL_S3: s3Endpoint,
      AWS_ENDPOINT_URL_CLOUDTRAIL: cloudTrail.endpoint,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAOURSELVES0000001",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
  });
}

async function stored(...trails: readonly MadeTrail[]): Promise<string> {
  for (const { bucket, files } of trails) await evidence.put(bucket, files);
  return `s3://${trails[0]?.bucket ?? ""}`;
}

describe("verify-trail", () => {
  it("proves a bucket of several regions, with AWS's keys of each", async () => {
    const bucket = evidence.newBucket();
    const late = { isBackfill: true, isStart: true, key: secondKey, logCount: 1 };
    const url = await stored(
      new MadeTrail(bucket).hours(1, 6).hour(3, late),
      new MadeTrail(bucket, { region: "us-east-1" }).hours(1, 6),
    );
    keys.asked.length = 0;
    const { code, stdout, stderr } = await run(url, ...range);
    expect(stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "|"))).toEqual([
      "ACCOUNT|REGION|TRAIL|DIGESTS PROVEN|LOG FILES PROVEN",
      "111111111111|eu-west-1|my_trail|all 5|all 10",
      "111111111111|eu-west-1|my_trail (backfill)|all 1|all 1",
      "111111111111|us-east-1|my_trail|all 5|all 10",
      "",
    ]);
    expect(stderr).toMatch(
      /^Verified 11 digests and 21 log files, delivered from 2026-03-01T01:01:31Z to /,
    );
    expect(stderr).toMatch(/, in \d+\.\d s\. All of it is proven\.\n$/);
    expect(code).toBe(0);
    // Once each, and once more for the digest that came a month later.
    expect([...keys.asked].sort()).toEqual(["eu-west-1", "eu-west-1", "us-east-1"]);
  });

  it("names what was changed, in JSON too, and exits with 1", async () => {
    const trail = new MadeTrail(evidence.newBucket()).hours(1, 6);
    trail.change(trail.logKey(3, 1), '{"Records":[]}');
    trail.take(trail.digestKey(5));
    const url = await stored(trail);
    const { code, stdout, stderr } = await run(url, ...range);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `broken  log-tampered  111111111111 eu-west-1 my_trail\n  ${trail.logKey(3, 1)}\n  Its SHA`,
    );
    expect(stdout).toContain(
      "broken  digest-missing  111111111111 eu-west-1 my_trail  2026-03-01 04:01:31 to " +
        `2026-03-01 05:01:31\n  ${trail.digestKey(5)}\n  ${trail.digestKey(6)} names it. ` +
        "Nothing proves what was delivered from 2026-03-01T04:01:31Z to 2026-03-01T05:01:31Z " +
        "(1 hour).\n",
    );
    expect(stderr).toContain("It is not proven. Flaws: 2 broken.\n");
    const json = await run(url, ...range, "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: "broken", from: "2026-03-01T01:01:31.000Z",
      chains: [{ trail: "my_trail", digestCount: 4, provenDigestCount: 4, logCount: 8 }],
      flaws: [
        { kind: "log-tampered", weight: "broken", key: trail.logKey(3, 1), fromAt: null },
        { kind: "digest-missing", key: trail.digestKey(5), fromAt: "2026-03-01T04:01:31.000Z" },
      ],
    });
  });

  it("keeps to the region and account that a URL, or options, name", async () => {
    const bucket = evidence.newBucket();
    const url = await stored(
      new MadeTrail(bucket).hours(1, 6), new MadeTrail(bucket, { region: "us-east-1" }).hours(1, 6),
    );
    const folder = "AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/03";
    for (const args of [[`${url}/${folder}`], [url, "--region", "us-east-1"]]) {
      const { code, stdout } = await run(...args, ...range);
      expect({ code, regions: stdout.match(/[a-z]+-[a-z]+-1 /g) })
        .toEqual({ code: 0, regions: ["us-east-1 "] });
    }
    const { code, stdout } = await run(url, ...range, "--account", "222222222222");
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });

  it("tells of declared accounts that send nothing", async () => {
    const url = await stored(new MadeTrail(evidence.newBucket()).hours(1, 6));
    place.write("c.yaml", 'accounts:\n  - { id: "333333333333", name: lab }\n');
    const { code, stdout } = await run(url, ...range, "--config", "c.yaml");
    expect(code).toBe(1);
    expect(stdout).toContain("broken  silent  333333333333");
  });

  it("tells how the trails are set up that write into it", async () => {
    const made = new MadeTrail(evidence.newBucket()).hours(1, 6);
    const url = await stored(made);
    const before = await run(url, ...range, "--settings");
    expect(before.code).toBe(3);
    expect(before.stdout).toContain("unknown  no-trail");
    const TrailARN = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/my_trail";
    trails.push({
      trail: {
        TrailARN, Name: "my_trail", HomeRegion: "eu-west-1", S3BucketName: made.bucket,
        IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, LogFileValidationEnabled: true,
      },
      status: { IsLogging: false }, selectors: { EventSelectors: [{ ReadWriteType: "All" }] },
    });
    const { code, stdout } = await run(url, ...range, "--settings");
    expect(code).toBe(1);
    expect(stdout).toContain(
      "broken  trail-stopped  111111111111 eu-west-1 my_trail\n  It does not log. Start it: " +
        `aws cloudtrail start-logging --name ${TrailARN}\n`,
    );
    expect(stdout).toContain("note  no-data-events");
  });

  it("proves a copy of a bucket with keys from a file, and asks nobody", async () => {
    const folder = evidence.copied(new MadeTrail("anywhere").hours(1, 7));
    const list = [firstKey, secondKey].map(({ fingerprint, value }) =>
      ({ Fingerprint: fingerprint, Value: value.toString("base64") }));
    writeFileSync(place.path("keys.json"), JSON.stringify({ PublicKeyList: list }));
    keys.isDenied = true;
    const { code, stdout } = await run(folder, ...range, "--keys", "keys.json");
    expect({ code, row: stdout.split("\n")[1]?.replaceAll(/ {2,}/g, "|") })
      .toEqual({ code: 0, row: "111111111111|eu-west-1|my_trail|all 5|all 10" });
  });

  it("goes on where a file may not be read, and exits with 3", async () => {
    const trail = new MadeTrail(evidence.newBucket()).hours(1, 6);
    const url = await stored(trail);
    const denied = s3Error(403, "AccessDenied", "Access Denied");
    faulty.faults = [({ path }) => (path.endsWith(trail.logKey(3, 0)) ? denied : null)];
    const { code, stdout } = await run(url, ...range);
    expect(code).toBe(3);
    expect(stdout).toContain(`unknown  unreadable  111111111111 eu-west-1 my_trail\n  ${
      trail.logKey(3, 0)}\n  Cannot read arn:aws:s3:::${trail.bucket}/${trail.logKey(3, 0)}: ` +
      "the credentials may not do s3:GetObject on it.");
    expect(stdout).toContain("all 5           9 of 10");
  });

  it("asks again where S3 is slow, or breaks off", async () => {
    const url = await stored(new MadeTrail(evidence.newBucket()).hours(1, 6));
    faulty.faults = [first(4, "GET", s3Error(503, "SlowDown")), first(3, "GET", { reset: true })];
    const { code, stderr } = await run(url, ...range);
    expect(stderr).toContain("It is tried again.");
    expect(code).toBe(0);
  });

  it.each<[string, () => readonly string[], string]>([
    [
      "that may not list the keys",
      () => {
        keys.isDenied = true;
        return [];
      },
      "the credentials may not do cloudtrail:ListPublicKeys on it. Allow it in their policy.",
    ],
    [
      "that may not list the bucket",
      () => {
        faulty.faults = [always("GET", s3Error(403, "AccessDenied"))];
        return [];
      },
      "the credentials may not do s3:ListBucket on it.",
    ],
    ["with a key file that is none", () => ["--keys", place.write("no.json", "{}")],
      "no.json holds no public keys. Make it with: aws cloudtrail"],
  ])("%s says so, with 2", async (_what, set, message) => {
    const url = await stored(new MadeTrail(evidence.newBucket()).hours(1, 6));
    const { code, stdout, stderr } = await run(url, ...range, ...set());
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("of a place where there is nothing of CloudTrail's says so, with 2", async () => {
    const { code, stderr } = await run(place.folder, ...range);
    expect(code).toBe(2);
    expect(stderr).toContain(`There is nothing of CloudTrail's under ${place.folder}: expected`);
  });
});
