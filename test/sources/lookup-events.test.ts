import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Config, type LookupEventsSourceConfig } from "../../src/config/schema.ts";
import { LookupEvents } from "../../src/sources/lookup-events.ts";
import type { Handover } from "../../src/sources/source.ts";
import { AwsServer } from "../aws/aws-server.ts";
import { CloudTrailService } from "../aws/cloudtrail-service.ts";
import { StsService } from "../aws/sts-service.ts";
import { record } from "../builders/record.ts";
import { idsIn, Notes, TurnedClock } from "./watching.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const startedAt = Date.UTC(2026, 2, 1, 12);
const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");

const own = "111122223333";
const other = "444455556666";
const otherRole = `arn:aws:iam::${other}:role/trailwarden-reads`;

let clock: TurnedClock;
let sts: StsService;
let trail: CloudTrailService;
let server: AwsServer;
let cursors: Map<string, string>;
let notes: Notes;
beforeEach(async () => {
  clock = new TurnedClock(startedAt);
  sts = new StsService();
  trail = new CloudTrailService(() => clock.now(), (key) => sts.accounts.get(key) ?? own);
  server = new AwsServer({ sts: sts.answer, cloudtrail: trail.answer });
  await server.listen();
  cursors = new Map();
  notes = new Notes();
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
});
afterEach(async () => {
  await server.close();
});

/** An event so long before the start. */
function happened(eventID: string, agoMs: number, options: {
  account?: string; region?: string; lateMs?: number;
} = {}): void {
  const { account = own, region = "eu-west-1", lateMs = 0 } = options;
  const eventTime = iso(startedAt - agoMs);
  trail.add(account, record({ eventID, eventTime, awsRegion: region }), lateMs);
}

type Take = (handover: Handover, ids: readonly unknown[]) => "commit" | "crash" | "later" | "stop";

type Settings = Partial<LookupEventsSourceConfig>;

/** Consumes as the service does: what is committed keeps its cursor. All ids, in order of taking. */
async function looked(take: Take, settings: Settings = {}): Promise<string[]> {
  const { aws } = Config.parse({ aws: { endpoint: server.endpoint, region: "eu-west-1" } });
  const config: LookupEventsSourceConfig = {
    kind: "lookup-events", name: "audit", accounts: [{ id: own }], regions: ["eu-west-1"],
    everySeconds: 60, overlapSeconds: 900, startHoursAgo: 1, ...settings,
  };
  const source = new LookupEvents(config, {
    aws,
    store: { cursor: (name) => Promise.resolve(cursors.get(name) ?? null) },
    watcher: notes,
    clock,
  });
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const handover of source.handovers(stop.signal)) {
    const ids = (await idsIn(handover)).map(String);
    const what = take(handover, ids);
    if (what === "crash") break;
    if (what === "later") {
      await handover.giveBack("later");
      continue;
    }
    seen.push(...ids);
    const { cursor } = handover;
    if (cursor !== undefined && cursor.data !== null) cursors.set(cursor.name, cursor.data);
    if (what === "stop") stop.abort();
    await handover.acknowledge();
  }
  return seen;
}

/** Stops after so many handovers. */
const first = (count: number): Take => {
  let taken = 0;
  return () => (++taken >= count ? "stop" : "commit");
};
const times = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe("the event history of one account and region", () => {
  it("is read page by page, newest first, with the same parameters", async () => {
    times(120, "e").forEach((id, i) => { happened(id, i * 1000); });
    expect(await looked(first(3))).toEqual(times(120, "e"));
    expect(trail.made.map(({ request }) => request)).toEqual([
      { StartTime: startedAt / 1000 - 3600, EndTime: startedAt / 1000, MaxResults: 50 },
      {
        StartTime: startedAt / 1000 - 3600, EndTime: startedAt / 1000, MaxResults: 50,
        NextToken: "token-1",
      },
      {
        StartTime: startedAt / 1000 - 3600, EndTime: startedAt / 1000, MaxResults: 50,
        NextToken: "token-2",
      },
    ]);
    expect([...cursors]).toEqual([[
      "lookup-events/audit/111122223333/eu-west-1",
      JSON.stringify({ from: startedAt - 15 * minute, open: null }),
    ]]);
    expect(notes.lines).toEqual([]);
  });

  it("hands over pages under names that are no marks", async () => {
    happened("e", 1000);
    await looked((handover) => {
      expect(handover.name).toBe("page 1 of 111122223333 eu-west-1");
      expect(handover.parcels[0]?.delivery).toEqual({
        id: `lookup-events/audit/111122223333/eu-west-1@${startedAt}-${startedAt}#1`,
        name: "page 1 of 111122223333 eu-west-1",
        isRemembered: false,
      });
      return "stop";
    });
  });

  it("is asked again a little before the last look's end, for what came late", async () => {
    happened("in-time", minute);
    happened("late", minute, { lateMs: 3 * minute });
    happened("too-late", 2 * minute, { lateMs: 20 * minute });
    expect(await looked(first(30))).toEqual(expect.arrayContaining(["in-time", "late"]));
    const starts = trail.made.map(({ request }) => (request.StartTime ?? 0) - startedAt / 1000);
    expect(starts.slice(0, 3)).toEqual([-3600, -900, -840]);
  });

  it("keeps its cursor while nothing happens, without anything to read", async () => {
    const parcels: number[] = [];
    await looked((handover) => {
      parcels.push(handover.parcels.length);
      return parcels.length === 2 ? "stop" : "commit";
    });
    expect(parcels).toEqual([0, 0]);
    expect([...cursors.values()]).toEqual([
      JSON.stringify({ from: startedAt + minute - 15 * minute, open: null }),
    ]);
  });

  it("goes on below what was committed after a crash in the middle: nothing is lost", async () => {
    times(500, "e").forEach((id, i) => { happened(id, Math.floor(i / 3) * 1000); });
    const seen: string[] = [];
    for (let run = 1; !cursors.has("done") && run < 20; run += 1) {
      let taken = 0;
      seen.push(...await looked((handover) => {
        taken += 1;
        const isLast = handover.cursor?.data?.includes('"open":null') === true;
        if (isLast) cursors.set("done", "");
        if (isLast) return "stop";
        return taken > 2 ? "crash" : "commit";
      }));
    }
    expect(new Set(seen)).toEqual(new Set(times(500, "e")));
    // Five runs of two pages, each beginning with the second in which the last one ended.
    expect(seen.length).toBeLessThan(530);
  });

  it("asks anew from where it was when the token has expired", async () => {
    times(200, "e").forEach((id, i) => { happened(id, i * 1000); });
    let taken = 0;
    const seen = await looked((handover) => {
      taken += 1;
      if (taken === 2) trail.expireTokens();
      return handover.cursor?.data?.includes('"open":null') === true ? "stop" : "commit";
    });
    expect(new Set(seen)).toEqual(new Set(times(200, "e")));
    expect(seen.length).toBe(201);
    expect(notes.lines).toEqual([]);
  });

  it("asks anew what was given back for later", async () => {
    happened("e", minute);
    let taken = 0;
    expect(await looked(() => (++taken === 1 ? "later" : "stop"))).toEqual(["e"]);
    expect(taken).toBe(2);
  });

  it("says which time is lost when it was away for longer than the history reaches", async () => {
    cursors.set(
      "lookup-events/audit/111122223333/eu-west-1",
      JSON.stringify({ from: startedAt - 100 * day, open: null }),
    );
    happened("e", 80 * day);
    expect(await looked(first(3))).toEqual(["e"]);
    expect(notes.lines).toEqual([
      "audit failed (for good): Cannot read the events of 111122223333 eu-west-1 from " +
        "2025-11-21T12:00:00.000Z to 2025-12-01T12:01:00.000Z: CloudTrail keeps its event " +
        "history for 90 days. Read that time from a trail's bucket, with trailwarden backfill.",
    ]);
  });

  it("takes a text that is no record for what it is, and the others as they are", async () => {
    trail.addText(own, record({ eventTime: iso(startedAt) }), '{"eventVersion": "1.11", "broken');
    happened("good", minute);
    expect(await looked(first(1))).toEqual(["good"]);
  });
});

describe("the pace", () => {
  it("is two requests a second, whatever there is to read", async () => {
    times(300, "e").forEach((id, i) => { happened(id, i * 1000); });
    await looked(first(6));
    const at = trail.made.map((made) => made.at - startedAt);
    expect(at).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    expect(notes.lines).toEqual([]);
  });

  it("is slowed when CloudTrail asks for it, and nothing is lost", async () => {
    times(120, "e").forEach((id, i) => { happened(id, i * 1000); });
    trail.throttleCount = 4;
    expect(await looked(first(3))).toEqual(times(120, "e"));
    const throttled = "audit failed (again): Cannot look up events of " +
      "arn:aws:cloudtrail:eu-west-1:111122223333:*: AWS asks to send fewer requests. " +
      "Nothing is lost; it is tried again.";
    expect(notes.lines).toEqual([...Array<string>(4).fill(throttled), "audit recovered"]);
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = trail.made.map((made) => made.at);
    expect([b - a, c - b, d - c, e - d].every((ms, i) => ms >= 200 * 2 ** i)).toBe(true);
  });
});

describe("several accounts and regions", () => {
  const settings: Settings = {
    accounts: [
      { id: own }, { id: other, assumeRole: { roleArn: otherRole, externalId: "e-1" } },
    ],
    regions: ["eu-west-1", "us-east-1"],
  };

  it("are each read by themselves, others' with their role", async () => {
    sts.trusted.set(otherRole, "e-1");
    happened("ireland", minute);
    happened("virginia", minute, { region: "us-east-1" });
    happened("other", minute, { account: other });
    expect(new Set(await looked(first(8), settings))).toEqual(
      new Set(["ireland", "virginia", "other"]),
    );
    expect([...cursors.keys()].sort()).toEqual([
      "lookup-events/audit/111122223333/eu-west-1",
      "lookup-events/audit/111122223333/us-east-1",
      "lookup-events/audit/444455556666/eu-west-1",
      "lookup-events/audit/444455556666/us-east-1",
    ]);
    // Once for each region's client, and not for each page.
    expect(sts.assumed).toEqual([otherRole, otherRole]);
  });

  it.each<[string, () => void, string]>([
    [
      "LookupEvents", () => { sts.trusted.set(otherRole, "e-1"); trail.denied.add(other); },
      `Cannot look up events of arn:aws:cloudtrail:eu-west-1:${other}:*: the credentials may not ` +
        "do cloudtrail:LookupEvents on it. Allow it in their policy.",
    ],
    [
      "its role", () => undefined,
      `Cannot assume ${otherRole}: the credentials may not do sts:AssumeRole on it. Allow it in ` +
        "their policy and in the role's trust policy; check the externalId where one is asked for.",
    ],
  ])("go on when one is denied %s, which is named and asked again", async (_what, deny, message) => {
    deny();
    happened("ireland", minute);
    happened("virginia", minute, { region: "us-east-1" });
    happened("other", minute, { account: other });
    let isMended = false;
    let isSeen = false;
    const seen = await looked((_handover, ids) => {
      isSeen ||= ids.includes("other");
      if (isSeen && notes.lines.at(-1) === "audit recovered") return "stop";
      if (!isMended && notes.lines.length >= 3) {
        isMended = true;
        trail.denied.clear();
        sts.trusted.set(otherRole, "e-1");
      }
      return "commit";
    }, settings);
    expect(seen).toEqual(expect.arrayContaining(["ireland", "virginia", "other"]));
    const told = new Set(notes.lines.map((line) => line.replace(/us-east-1(?=:4)/, "eu-west-1")));
    expect(told).toEqual(new Set([`audit failed (again): ${message}`, "audit recovered"]));
    expect(notes.lines.filter((line) => line === "audit recovered")).toEqual(["audit recovered"]);
  });
});
