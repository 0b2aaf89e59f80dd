import { expect, it } from "vitest";
import { rulesAt } from "../../src/app.ts";
import { placeOf } from "../../src/baselines/compared.ts";
import { bucketOf, type DayBucket } from "../../src/baselines/day-bucket.ts";
import { contributionOf, replay, type PastSession } from "../../src/baselines/replay.ts";
import { voiceOf } from "../../src/baselines/subject.ts";
import { traitsOf } from "../../src/baselines/traits.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { baselineSettings } from "../../src/judging/baseline-settings.ts";
import { eventsOf } from "../../src/judging/beyond.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { profileOf } from "../../src/sessions/profile-tally.ts";
import { livingThrough } from "../builders/living.ts";
import { config, dayMs, march1, session, type Calls } from "../builders/weeks.ts";

/** Weeks without a grave finding: all is learned. */
const story: readonly (readonly RawRecord[])[] = Array.from({ length: 26 }, (_, day) => {
  const at = march1 + day * dayMs;
  const reads: Calls = Array.from({ length: 1 + (day % 5) }, (_, i) => ["s3:ListBuckets", 5 * i]);
  const looks: Calls = day > 20 ? [["ec2:DescribeRegions", 40, "eu-north-1"]] : [];
  return [
    session(["ro-inventory", `a${day}`], at, [...reads, ...looks]),
    session(["ro-inventory", `b${day}`], at + 3_600_000, [["ec2:DescribeInstances", 5]]),
    session(["ro-report", `r${day}`], at, [["dynamodb:DescribeTable", 5]]),
  ];
}).flat();

it("a service learns and judges as a replay of its sessions, day by day, does", async () => {
  const normalise = createNormaliser(iamAccessLevels());
  const laws = { rules: await rulesAt({}, config), config, normalise };
  const step = { by: 0, isMeanwhile: false, isNotedLater: false, judges: [0] };
  const { content } = await livingThrough([{ ...step, records: story.flat() }], laws, 0);
  const grave = content.findings.filter(({ level }) => level === "high" || level === "critical");
  expect(grave).toEqual([]);
  const sessions = content.sessions.flatMap((each): readonly PastSession[] => {
    const place = placeOf(each);
    const records = story.find(([first]) => String(first?.["eventID"]) === `${each.name ?? ""}-0`);
    if (place === null || records === undefined) return [];
    const traits = traitsOf(profileOf(eventsOf(records, normalise)));
    return [{ id: each.id, ...place, voice: voiceOf(each), traits }];
  });
  expect(sessions.length).toBe(story.length);
  const replayed = [...replay(sessions, baselineSettings(config), () => true)];

  const unusual = replayed.filter(({ deviation }) => deviation.standing?.isUnusual === true);
  expect(unusual.length).toBeGreaterThan(0);
  expect(content.findings.filter(({ rule }) => rule === "unusual-session")
    .map((finding) => finding.session?.id).sort())
    .toEqual(unusual.map((each) => each.session.id).sort());

  const last = Math.max(...sessions.map(({ day }) => day));
  for (const { subject, days } of content.pasts) {
    const expected = new Map<number, DayBucket>();
    for (const day of days.keys()) {
      const ofDay = replayed.filter(({ session: each }) =>
        each.day === day && each.day < last && each.subject.role === subject.role);
      expected.set(day, bucketOf(ofDay.map(contributionOf)));
    }
    expect(days).toEqual(expected);
    expect(days.size).toBe(25);
  }
  expect(content.pasts.length).toBe(2);
});
