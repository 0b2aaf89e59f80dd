import { describe, expect, it } from "vitest";
import { settingFlaws, type TrailSettings } from "../../src/evidence/trail-settings.ts";

const all = { isRead: true, isWrite: true, leftOutSources: [], isNarrowed: false };
const management = { ...all, category: "Management" };
const data = { ...all, category: "Data" };
const good: TrailSettings = {
  arn: "arn:aws:cloudtrail:eu-west-1:111111111111:trail/main", name: "main",
  homeRegion: "eu-west-1", isMultiRegion: true, hasGlobalEvents: true, isValidated: true,
  isLogging: true, deliveryError: null, selected: [management, data],
};

describe("a trail's settings", () => {
  it.each<[string, Partial<TrailSettings>, readonly string[]]>([
    ["that leave nothing out", {}, []],
    ["stopped", { isLogging: false }, ["trail-stopped"]],
    ["that cannot deliver", { deliveryError: "AccessDenied" }, ["trail-failing"]],
    ["without validation", { isValidated: false }, ["trail-unvalidated"]],
    ["of one region", { isMultiRegion: false }, ["trail-partial"]],
    ["without global services", { hasGlobalEvents: false }, ["trail-partial"]],
    ["without data events", { selected: [management] }, ["no-data-events"]],
    ["without management events", { selected: [data] }, ["events-left-out"]],
    [
      "of writing events only", { selected: [{ ...management, isRead: false }, data] },
      ["events-left-out"],
    ],
    [
      "of reading and of writing events",
      { selected: [{ ...management, isRead: false }, { ...management, isWrite: false }, data] }, [],
    ],
    [
      "that narrow management events", { selected: [{ ...management, isNarrowed: true }, data] },
      ["events-left-out"],
    ],
  ])("%s are told", (_what, changes, kinds) => {
    const flaws = settingFlaws([{ ...good, ...changes }]);
    expect(flaws.map(({ kind }) => kind)).toEqual(kinds);
    for (const flaw of flaws) {
      expect(flaw).toMatchObject({ account: "111111111111", region: "eu-west-1", trail: "main" });
    }
  });

  it("name the services that are left out, and how to mend it", () => {
    const leftOutSources = ["kms.amazonaws.com"];
    const [keys] = settingFlaws([{ ...good, selected: [{ ...management, leftOutSources }, data] }]);
    expect(keys?.detail).toContain("it leaves out those of kms.amazonaws.com: see aws cloudtrail");
    const [stopped] = settingFlaws([{ ...good, isLogging: false }]);
    expect(stopped?.detail).toContain(`aws cloudtrail start-logging --name ${good.arn}`);
  });
});
