import { describe, expect, test } from "vitest";
import { createHash } from "node:crypto";
import type { SimulatedFile } from "../../src/simulation/delivery.ts";
import { serialise } from "../../src/simulation/serialise.ts";
import type { SimulationOptions } from "../../src/simulation/simulate.ts";
import { groundTruth, simulate } from "../../src/simulation/simulate.ts";

const startAt = Date.UTC(2026, 8, 28); // a Monday
const options: SimulationOptions = { seed: "tests", startAt, days: 2 };
const files = [...simulate(options)];
const records = files.flatMap((file) => file.records);

describe("a simulation", () => {
  test("gives the same bytes for the same seed, and others for another", () => {
    expect(digest(simulate(options))).toBe(digest(files));
    expect(digest(simulate({ ...options, seed: "others" }))).not.toBe(digest(files));
  });

  test("names its files as CloudTrail does, for the minute of their delivery", () => {
    const folder = String.raw`AWSLogs/(\d{12})/CloudTrail/([a-z0-9-]+)/(\d{4})/(\d\d)/(\d\d)`;
    const name = String.raw`\1_CloudTrail_\2_\3\4\5T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz`;
    const layout = new RegExp(`^${folder}/${name}$`);
    for (const { key } of files) expect(key).toMatch(layout);
    expect(new Set(files.map(({ key }) => key)).size).toBe(files.length);
    for (const { key, deliveredAt } of files.slice(0, 200)) {
      const iso = new Date(deliveredAt).toISOString();
      const date = iso.slice(0, 10).replaceAll("-", "");
      const stamp = `${date}T${iso.slice(11, 13)}${iso.slice(14, 16)}Z`;
      expect(key).toContain(`_${stamp}_`);
    }
  });

  test("delivers files in order, never before their records happened, records shuffled", () => {
    for (const [i, file] of files.entries()) {
      const before = files[i - 1]?.deliveredAt ?? 0;
      // Files of one five-minute slot are listed by place, seconds apart.
      expect(file.deliveredAt).toBeGreaterThan(before - 60_000);
      for (const record of file.records) {
        expect(Date.parse(String(record["eventTime"]))).toBeLessThanOrEqual(file.deliveredAt);
      }
    }
    const times = files.map((file) => file.records.map((record) => String(record["eventTime"])));
    expect(times.some((own) => own.join() !== [...own].sort().join())).toBe(true);
  });

  test("puts each record into its own account's and region's file", () => {
    for (const { key, records: held } of files) {
      const [, account, , region] = key.split("/");
      for (const record of held) {
        expect([record["recipientAccountId"], record["awsRegion"]]).toEqual([account, region]);
      }
    }
  });

  test("repeats about one record in two hundred, and nothing else's id", () => {
    const ids = new Map<unknown, string>();
    let repeated = 0;
    for (const record of records) {
      const text = JSON.stringify(record);
      const seen = ids.get(record["eventID"]);
      if (seen !== undefined) {
        repeated++;
        expect(text).toBe(seen);
      }
      ids.set(record["eventID"], text);
    }
    expect(repeated / records.length).toBeGreaterThan(0.002);
    expect(repeated / records.length).toBeLessThan(0.02);
  });

  test("delivers some records hours late and says so, and corrects one under a new id", () => {
    const late = records.filter((record) => reasonOf(record) === "DELIVERY_DELAY");
    expect(late.length).toBeGreaterThan(0);
    const corrected = records.filter((record) => reasonOf(record) === "UPDATED_DATA");
    expect(corrected).toHaveLength(1);
    const addendum = corrected[0]?.["addendum"] as Record<string, unknown>;
    const original = records.find((record) => record["eventID"] === addendum["originalEventID"]);
    expect(original?.["eventName"]).toBe(corrected[0]?.["eventName"]);
    expect(original?.["eventID"]).not.toBe(corrected[0]?.["eventID"]);
  });

  test.each([
    [null, 0.12, 0.25],
    [0.01, 0.004, 0.018],
    [1, 1, 1],
  ])("holds a share of agents of %s", (agentShare, least, most) => {
    const simulated = simulate({ ...options, days: 4, agentShare, incidents: "none" });
    const all = [...simulated].flatMap((file) => file.records);
    const share = all.filter(isAgents).length / all.length;
    expect(share).toBeGreaterThanOrEqual(least);
    expect(share).toBeLessThanOrEqual(most);
    expect(all.length / 4).toBeGreaterThan(4000);
    expect(all.length / 4).toBeLessThan(11_000);
  });

  test("grows with its scale", () => {
    const count = [...simulate({ ...options, scale: 3 })].reduce((n, f) => n + f.records.length, 0);
    expect(count / records.length).toBeGreaterThan(2.5);
    expect(count / records.length).toBeLessThan(3.5);
  });

  test("leaves the other records as they are when an incident is left out", () => {
    const calm = [...simulate({ ...options, incidents: "none" })].flatMap((file) => file.records);
    const planted = new Set(records.map((record) => record["eventID"]));
    expect(calm.filter((record) => !planted.has(record["eventID"]))).toEqual([]);
    expect(calm.length).toBeLessThan(records.length);
  });
});

describe("the ground truth", () => {
  const truth = groundTruth(options);
  const byId = new Map(records.map((record) => [record["eventID"], record]));

  test("tells only of events that are in the files, in their order and times", () => {
    for (const incident of truth) {
      const shown = incident.eventIds.map((id) => byId.get(id));
      const times = shown.map((record) => Date.parse(String(record?.["eventTime"])));
      expect(times, incident.id).toEqual([...times].sort((a, b) => a - b));
      expect([times[0], times.at(-1)]).toEqual([incident.firstEventAt, incident.lastEventAt]);
    }
  });

  test("keeps incidents within the days simulated", () => {
    expect(truth).toHaveLength(30);
    for (const { firstEventAt, lastEventAt } of truth) {
      expect(firstEventAt).toBeGreaterThan(startAt);
      expect(lastEventAt).toBeLessThan(startAt + 2 * 86_400_000);
    }
  });

  test("names the session that the shown events belong to", () => {
    const chained = new Set(["role-chaining", "enters-prod"]);
    const opening = new Set(["lifetime-above-policy", "session-name"]);
    for (const { id, entity, eventIds } of truth) {
      if (chained.has(id) || opening.has(id)) continue;
      for (const eventId of eventIds) {
        const identity = JSON.stringify(byId.get(eventId)?.["userIdentity"]);
        expect(identity, id).toContain(entity.sessionName);
        expect(identity, id).toContain(entity.account);
      }
    }
  });

  test("holds only what was asked for", () => {
    const wanted = { ...options, incidents: ["stop-logging", "attack-tool"] };
    expect(groundTruth(wanted).map(({ id }) => id).sort()).toEqual(["attack-tool", "stop-logging"]);
    expect(groundTruth({ ...options, incidents: "none" })).toEqual([]);
    const text = [...simulate(wanted)].map((file) => serialise(file.records)).join();
    expect(text).toContain("StopLogging");
    expect(text).not.toContain("ModifySnapshotAttribute");
  });
});

const agentMark =
  /role\/(agents|automation|ci|audit|platform\/agent-broker)|agent-broker|AgentMcp/;

function isAgents(record: object): boolean {
  return agentMark.test(JSON.stringify(record));
}

function reasonOf(record: Readonly<Record<string, unknown>>): unknown {
  return (record["addendum"] as { reason?: unknown } | undefined)?.reason;
}

function digest(all: Iterable<SimulatedFile>): string {
  const hash = createHash("sha256");
  for (const { key, deliveredAt, records: held } of all) {
    hash.update(key).update(String(deliveredAt)).update(serialise(held));
  }
  return hash.digest("hex");
}
