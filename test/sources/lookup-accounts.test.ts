import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LookupEventsSourceConfig } from "../../src/config/schema.ts";
import { first, Looking, own } from "./looking.ts";

const minute = 60_000;
const other = "444455556666";
const otherRole = `arn:aws:iam::${other}:role/trailwarden-reads`;
let history: Looking;
beforeEach(async () => {
  history = new Looking();
  await history.open();
});
afterEach(async () => {
  await history.close();
});

describe("several accounts and regions", () => {
  const settings: Partial<LookupEventsSourceConfig> = {
    accounts: [
      { id: own }, { id: other, assumeRole: { roleArn: otherRole, externalId: "e-1" } },
    ],
    regions: ["eu-west-1", "us-east-1"],
  };

  it("are each read by themselves, others' with their role", async () => {
    history.sts.trusted.set(otherRole, "e-1");
    history.happened("ireland", minute);
    history.happened("virginia", minute, { region: "us-east-1" });
    history.happened("other", minute, { account: other });
    expect(new Set(await history.looked(first(8), settings))).toEqual(
      new Set(["ireland", "virginia", "other"]),
    );
    expect([...history.cursors.keys()].sort()).toEqual([
      "lookup-events/audit/111122223333/eu-west-1",
      "lookup-events/audit/111122223333/us-east-1",
      "lookup-events/audit/444455556666/eu-west-1",
      "lookup-events/audit/444455556666/us-east-1",
    ]);
    // Once for each region's client, and not for each page.
    expect(history.sts.assumed).toEqual([otherRole, otherRole]);
  });

  it.each<[string, () => void, string]>([
    [
      "LookupEvents",
      () => {
        history.sts.trusted.set(otherRole, "e-1");
        history.trail.denied.add(other);
      },
      `Cannot look up events of arn:aws:cloudtrail:eu-west-1:${other}:*: the credentials may not ` +
        "do cloudtrail:LookupEvents on it. Allow it in their policy.",
    ],
    [
      "its role", () => undefined,
      `Cannot assume ${otherRole}: the credentials may not do sts:AssumeRole on it. Allow it in ` +
        "their policy and in the role's trust policy; check the externalId where one is asked for.",
    ],
  ])("go on when one is denied %s, which is told and tried again", async (_what, deny, message) => {
    deny();
    history.happened("ireland", minute);
    history.happened("virginia", minute, { region: "us-east-1" });
    history.happened("other", minute, { account: other });
    let isMended = false;
    let isSeen = false;
    const seen = await history.looked((_handover, ids) => {
      isSeen ||= ids.includes("other");
      if (isSeen && history.notes.lines.at(-1) === "audit recovered") return "stop";
      if (!isMended && history.notes.lines.length >= 3) {
        isMended = true;
        history.trail.denied.clear();
        history.sts.trusted.set(otherRole, "e-1");
      }
      return "commit";
    }, settings);
    expect(seen).toEqual(expect.arrayContaining(["ireland", "virginia", "other"]));
    const { lines } = history.notes;
    const told = new Set(lines.map((line) => line.replace(/us-east-1(?=:4)/, "eu-west-1")));
    expect(told).toEqual(new Set([`audit failed (again): ${message}`, "audit recovered"]));
    expect(lines.filter((line) => line === "audit recovered")).toEqual(["audit recovered"]);
  });
});
