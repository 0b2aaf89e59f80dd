import { describe, expect, it } from "vitest";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { judgeEverything } from "../../src/judging/judge-everything.ts";
import { ingestParts } from "../../src/pipeline.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { batchOf } from "../builders/living.ts";
import { inventory, pastMonth } from "../builders/past-month.ts";
import { everyItem, serving } from "./serving.ts";

const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };
const store = await openSqliteStore({ path: ":memory:" });
const normalise = createNormaliser(iamAccessLevels());
const rules = await rulesAt({ onlyRules: ownRulesFolder });
const config = Config.parse({ ...inventory, http: { requestsPerMinute: 1e9 } });
const delivery = { id: "d", name: "d" };
await ingestParts({ store, normalise }, [{ delivery, batch: batchOf(pastMonth()) }]);
await judgeEverything({ store, config, rules, normalise }, silent);

const now = () => Date.UTC(2026, 2, 1, 12);
const served = await serving({ store, config: () => config, now });
const role = "/v1/baselines/111111111111/ro-inventory";

describe("/v1/baselines", () => {
  it("lists whose past is known, page by page", async () => {
    const items = await everyItem(served, "/v1/baselines?limit=1");
    expect(items).toMatchObject([
      {
        role: "111111111111/ro-inventory", agent: "inventory", kind: "declared",
        asOf: "2026-03-01", sessions: 84, days: 28, since: "2026-02-01", maturity: "mature",
        judgedBy: "agent", missing: { sessions: 0, days: 0, scored: 0 }, truncated: false,
        resetOn: null,
      },
      {
        role: "111111111111/ro-new", sessions: 0, since: null, maturity: "learning",
        judgedBy: "kind", missing: { sessions: 20, days: 7, scored: 20 },
      },
    ]);
    expect((await served.get("/v1/baselines?agent=other")).items).toEqual([]);
    expect((await served.get("/v1/baselines?asOf=2026-02-03")).items[0])
      .toMatchObject({ asOf: "2026-02-03", sessions: 6, maturity: "learning", judgedBy: null });
    expect((await served.ask("/v1/baselines?asOf=yesterday")).status).toBe(400);
  });

  it("shows what is normal, and how sessions stood", async () => {
    const { items: [detail] } = await served.get(role);
    expect(detail).toMatchObject({
      threshold: 1 / 21, alertsPerWeek: 1,
      values: { region: { distinct: 1, usual: [{ value: "eu-west-1", sessions: 84, share: 1 }] } },
      numbers: { calls: { low: 2, median: 2, high: 2, highest: 2 } },
    });
    const latest = detail?.["latest"] as readonly Record<string, unknown>[];
    expect(latest).toHaveLength(20);
    expect(latest.filter(({ standing }) => standing === "unusual")).toMatchObject([
      {
        day: "2026-03-01", isUnusual: true, confidence: "high",
        session: expect.stringMatching(/:far@/) as unknown,
      },
    ]);
    const held = detail?.["quarantined"] as readonly Record<string, unknown>[];
    expect(held.map(({ session }) => String(session).split(/[:@]/)[1])).toEqual(["far"]);
    expect(held[0]?.["heldBy"]).toContainEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
      rule: "write-under-readonly-role", level: "critical",
    });
    expect((await served.get(`${role}?agent=inventory`)).items).toHaveLength(1);
    expect((await served.ask(`${role}?agent=other`)).status).toBe(404);
  });

  it("lets a role learn anew, and logs who wanted it", async () => {
    const body = { reason: "Other tools.", from: "2026-02-20" };
    const path = `${role}/reset`;
    expect((await served.ask(path, { method: "POST", as: "viewer", body })).status).toBe(403);
    const answer = await served.ask(path, { method: "POST", as: "responder", body });
    expect(await answer.json()).toMatchObject({
      items: [{ sessions: 27, days: 9, since: "2026-02-20", resetOn: "2026-02-20" }],
    });
    expect((await store.auditLog(1))[0]).toMatchObject({
      actor: "token:rita", action: "baseline.reset", reason: "Other tools.",
      subject: "111111111111/ro-inventory inventory",
    });
    const nobody = await served.ask("/v1/baselines/1/none/reset", { method: "POST", body });
    expect(nobody.status).toBe(404);
  });
});
