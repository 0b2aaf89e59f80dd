import { describe, expect, it } from "vitest";
import { madeFailure, madeIdentity, madeRun } from "../audit/made-run.ts";
import { everyItem } from "./serving.ts";
import { tasksServing } from "./tasks-serving.ts";

const { served } = await tasksServing();

describe("audits", () => {
  it("are none before the first", async () => {
    for (const path of ["/v1/audits", "/v1/audits/latest/failures", "/v1/inventory"]) {
      expect(await served.get(path)).toEqual({ items: [], next: null });
    }
  });

  it("are listed in short, and of the latest what failed and who agents are", async () => {
    const failures = ["a", "b", "c"].map((check, i) =>
      madeFailure(check, i === 0 ? {} : { level: "low" }));
    const identities = [madeIdentity(), madeIdentity({ kind: "user", subject: "u" })];
    await served.store.keepAudit(madeRun());
    const id = await served.store.keepAudit(madeRun({ failures, identities }));
    const { items: [run] } = await served.get("/v1/audits?limit=1");
    expect(run).toEqual({
      id, startedAt: "2026-03-01T12:00:00.000Z", at: "2026-03-01T12:00:01.000Z", seconds: 2.5,
      accounts: ["111122223333"], unread: [],
      checks: [{ check: "key-old", level: "medium", pass: 3, fail: 2, unknown: 1, open: 1 }],
      changes: { new: 1, fixed: 0, accepted: 1 },
      identities: [{ kind: "role", mode: "readonly", count: 4 }],
    });
    expect(await everyItem(served, "/v1/audits?limit=1")).toHaveLength(2);
    const failed = "/v1/audits/latest/failures";
    expect((await everyItem(served, `${failed}?limit=1`)).map((one) => one["check"]))
      .toEqual(["a", "b", "c"]);
    expect((await served.get(`${failed}?level=high`)).items).toEqual([{
      check: "a", title: "Title of a", level: "high", account: "111122223333",
      subject: "arn:aws:iam::111122223333:role/a", because: "It is so.", evidence: { days: 3 },
      remedy: { kind: "cli", text: "aws iam x" }, change: "new",
      since: "2026-03-01T12:00:00.000Z", accepted: null,
    }]);
    expect((await served.get(`${failed}?check=c`)).items).toMatchObject([{ check: "c" }]);
    expect((await served.get("/v1/inventory?kind=role")).items).toMatchObject([{
      kind: "role", lastSessionAt: "2026-03-01T12:00:00.000Z", accounts: ["111122223333"],
      permissions: { grantedCount: 3, usedCount: 1 },
    }]);
    expect(await everyItem(served, "/v1/inventory?limit=1")).toHaveLength(2);
  });

  it.each(["/v1/inventory?kind=robot", "/v1/audits/latest/failures?level=worst"])(
    "are not asked for with %s", async (path) => {
      expect((await served.ask(path)).status).toBe(400);
    });
});
