import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openApp, type App } from "../../src/app.ts";
import { findingsById, regionsFor, sessionsOf } from "../../src/commands/refresh.ts";
import { judgeEverything } from "../../src/judging/judge-everything.ts";
import { ingestParts } from "../../src/pipeline.ts";
import { refresh } from "../../src/service/refreshing.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { AwsServer } from "../aws/aws-server.ts";
import { CloudTrailService } from "../aws/cloudtrail-service.ts";
import { StsService } from "../aws/sts-service.ts";
import { assumed, instantAt, keyMade, record, roleIdentity } from "../builders/record.ts";
import { TurnedClock } from "../sources/watching.ts";

const account = "111111111111";
const role = `arn:aws:iam::${account}:role/trailwarden-reads`;
const startedAt = Date.parse(instantAt(600));
const quiet = { start: () => undefined, advance: () => undefined, stop: () => undefined };
let folder = "";
let app: App;
let clock: TurnedClock;
let onWait: (count: number) => void;
let sts: StsService;
let trail: CloudTrailService;
let server: AwsServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "refresh-"));
  onWait = () => undefined;
  clock = new TurnedClock(startedAt, (count) => { onWait(count); });
  sts = new StsService();
  sts.trusted.set(role, null);
  trail = new CloudTrailService(() => clock.now(), (key) => sts.accounts.get(key) ?? "nobody");
  server = new AwsServer({ sts: sts.answer, cloudtrail: trail.answer });
  await server.listen();
  writeFileSync(join(folder, "trailwarden.yaml"), `
aws: { endpoint: "${server.endpoint}", region: eu-west-1 }
sources:
  - kind: lookup-events
    name: audit
    accounts: [{ id: "${account}", assumeRole: { roleArn: "${role}" } }]
    regions: [eu-west-1, us-east-1]
`);
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  app = await openApp({ store: join(folder, "t.db"), config: join(folder, "trailwarden.yaml") });
});
afterEach(async () => {
  await app.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function known(...records: readonly RawRecord[]): Promise<void> {
  const found = records.map((one, index) => ({ record: one, index, offset: 0 }));
  const batch = { records: found, rejections: [], others: {}, skippedCount: 0, bytes: 0 };
  await ingestParts(app, [{ delivery: { id: "before", name: "before" }, batch }]);
  await judgeEverything(app, quiet);
}

async function refreshed(regions: readonly string[] = ["eu-west-1", "us-east-1"]) {
  const { items } = await app.store.listSessions({}, "lastAt", { limit: 9, after: null });
  const id = items.find(({ name }) => name === "task-4711")?.id ?? "";
  const [session] = await sessionsOf(app, id);
  if (session === undefined) throw new Error("There is no session.");
  const faults: string[] = [];
  const sum = await refresh(app, session, {
    regions, clock, onFault: ({ message }) => { faults.push(message); },
  });
  await judgeEverything(app, quiet);
  return { sum, faults };
}

describe("refreshing a session", () => {
  it("takes in all that its keys did, in each region, and judges it", async () => {
    const first = record();
    await known(assumed(), first);
    trail.add(account, first);
    for (let i = 0; i < 120; i += 1) trail.add(account, record({ eventTime: instantAt(i) }));
    trail.add(account, keyMade({ eventTime: instantAt(30) }));
    trail.add(account, record({
      userIdentity: roleIdentity({ accessKeyId: "ASIAOTHERKEY00000001", session: "other" }),
    }));
    const before = await findingsById(app);
    expect(await refreshed()).toEqual({
      sum: { eventCount: 121, duplicateCount: 1, rejectedCount: 0, pageCount: 4, faultCount: 0 },
      faults: [],
    });
    const after = await findingsById(app);
    const fresh = [...after.values()].filter((finding) => !before.has(finding.id));
    expect(fresh.map(({ because }) => because)).toContain(
      "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711 called " +
        "iam:CreateAccessKey (allowed); what it mints outlives task-4711.",
    );
    expect(trail.made.map(({ region }) => region)).toEqual([
      "eu-west-1", "eu-west-1", "eu-west-1", "us-east-1",
    ]);
    const [{ request } = { request: {} }] = trail.made;
    expect(request).toEqual({
      LookupAttributes: [{ AttributeKey: "AccessKeyId", AttributeValue: "ASIATASKKEY000000001" }],
      StartTime: Date.parse(instantAt(-300)) / 1000,
      EndTime: startedAt / 1000,
      MaxResults: 50,
    });
    expect(sts.assumed).toEqual([role, role]);
  });

  it("does nothing a second time", async () => {
    await known(assumed(), record());
    trail.add(account, record({ eventTime: instantAt(10) }));
    await refreshed(["eu-west-1"]);
    const { sum } = await refreshed(["eu-west-1"]);
    expect(sum).toMatchObject({ eventCount: 0, duplicateCount: 1 });
  });

  it("goes on when CloudTrail asks to slow down, and when a token expires", async () => {
    await known(assumed(), record());
    for (let i = 0; i < 120; i += 1) trail.add(account, record({ eventTime: instantAt(i) }));
    trail.throttleCount = 3;
    let isExpired = false;
    onWait = () => {
      if (isExpired || trail.made.at(-1)?.request.NextToken === undefined) return;
      isExpired = true;
      trail.expireTokens();
    };
    const { sum, faults } = await refreshed(["eu-west-1"]);
    // Two pages, and from the top again.
    expect(sum).toMatchObject({ eventCount: 120, duplicateCount: 100, pageCount: 5 });
    expect({ faults, isExpired }).toEqual({ faults: [], isExpired: true });
  });

  it("names what it may not ask", async () => {
    await known(assumed(), record());
    trail.denied.add(account);
    const { sum, faults } = await refreshed(["eu-west-1"]);
    expect(sum.faultCount).toBe(1);
    expect(faults).toEqual([
      "Cannot look up events of arn:aws:cloudtrail:eu-west-1:111111111111:*: the credentials may " +
        "not do cloudtrail:LookupEvents on it. Allow it in their policy.",
    ]);
  });

  it("asks where the config looks, or where it is told to, for sessions there are", async () => {
    expect(regionsFor(app, account, [])).toEqual(["eu-west-1", "us-east-1"]);
    expect(regionsFor(app, "999999999999", [])).toEqual(["eu-west-1"]);
    expect(regionsFor(app, account, ["ap-south-1"])).toEqual(["ap-south-1"]);
    const message = "There is no session nobody in the store.";
    await expect(sessionsOf(app, "nobody")).rejects.toThrow(message);
  });
});
