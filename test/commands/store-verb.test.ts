import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { record, roleIdentity } from "../builders/record.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

/** A session of its own a day, of two calls. */
function day(date: string): RawRecord[] {
  const userIdentity = roleIdentity({ session: date, createdAt: `${date}T10:00:00Z` });
  return [1, 2].map((minute) =>
    record({ userIdentity, eventTime: `${date}T10:0${minute}:00Z`, eventID: `${date}-${minute}` }));
}

beforeAll(async () => {
  const old = day("2026-01-01");
  place.trail("old.json", [...old, ...old.slice(1)]);
  place.trail("new.json", [
    ...day("2026-02-20"), ...day("2026-03-01"), record({ eventVersion: "2.0" }),
  ]);
  await place.run(["scan", "old.json", "new.json", "--store", "t.db", "-q"]);
});

const info = async () =>
  JSON.parse((await place.run(["store", "info", "-s", "t.db", "-f", "json"])).stdout) as object;

describe("store", () => {
  it("info says what it holds, as JSON and as a table", async () => {
    expect(await info()).toMatchObject({
      eventCount: 6, duplicateCount: 1, skippedCount: 0, rejected: { "unsupported-version": 1 },
      others: {}, groupCount: 3, sessionCount: 3, deliveryCount: 2,
      firstEventAt: "2026-01-01T10:01:00.000Z", lastEventAt: "2026-03-01T10:02:00.000Z",
      fileBytes: expect.any(Number) as unknown,
    });
    const { stdout } = await place.run(["store", "info", "--store", "t.db"]);
    expect(stdout).toMatch(/^events +6$/m);
    expect(stdout).toMatch(/^rejected: unsupported-version +1$/m);
    expect(stdout).toMatch(/^last event +2026-03-01 10:02:00$/m);
  });

  it("retain forgets what is older than so many days before the newest event", async () => {
    const quarter = await place.run(["store", "retain", "--store", "t.db"]);
    expect(quarter).toMatchObject({ code: 0, stderr: "" });
    expect(quarter.stdout).toBe("Removed 0 events of sessions that ended before " +
      "2025-12-01 10:02:00 UTC, 90 days before the newest event.\n");
    place.write("month.yaml", "retentionDays: 30\n");
    const month = await place.run(["store", "retain", "--store", "t.db", "-c", "month.yaml"]);
    expect(month.stdout).toMatch(/^Removed 2 events .* before 2026-01-30 10:02:00 UTC, 30 days /);
    expect(await info()).toMatchObject({
      eventCount: 4, groupCount: 2, firstEventAt: "2026-02-20T10:01:00.000Z",
    });
    const week = await place.run(["store", "retain", "--store", "t.db", "--days", "7"]);
    expect(week.stdout).toMatch(/^Removed 2 events .*, 7 days before the newest event\.$/m);
    const again = await place.run(["scan", "old.json", "new.json", "--store", "t.db"]);
    expect(again.stderr).toMatch(/^Read 0 events .* 2 files had been read before\.$/m);
  });

  it.each<[string, readonly string[], RegExp]>([
    ["no days", ["--days", "0"], /^--days is 0: expected a whole number above 0\.$/m],
    ["a store that is not there", ["--store", "none.db"], /^There is no store at none\.db\. /],
  ])("retain of %s is refused", async (_, args, expected) => {
    const { code, stderr } = await place.run(["store", "retain", "--store", "t.db", ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(expected);
  });
});
