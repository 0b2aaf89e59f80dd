import { describe, expect, it } from "vitest";
import { levels } from "../../src/detections/detection.ts";
import { part, session } from "../storage/made.ts";
import { everyItem, serving, simulated, type Item } from "./serving.ts";

const { app, end } = await simulated();
const served = await serving({ store: app.store, config: () => app.config, now: () => end });
const [findings, sessions, credentials] = [
  await everyItem(served, "/v1/findings?limit=200"),
  await everyItem(served, "/v1/sessions?limit=200"),
  await everyItem(served, "/v1/credentials?limit=200"),
];

const at = (item: Item, path: string): unknown =>
  path.split(".").reduce<unknown>((inner, key) => (inner as Item | null)?.[key], item);
const text = (item: Item, path: string): string => at(item, path) as string;

describe("the simulated company", () => {
  it("has enough to choose from", () => {
    expect(findings.length).toBeGreaterThan(20);
    expect(sessions.length).toBeGreaterThan(80);
    expect(credentials.length).toBeGreaterThan(50);
  });
});

describe("pages of any size make the whole list", () => {
  it.each([
    "/v1/findings?", "/v1/findings?sort=-lastEventAt&",
    "/v1/sessions?", "/v1/sessions?sort=lastAt&",
    "/v1/credentials?", "/v1/credentials?sort=lastAt&", "/v1/agents?", "/v1/roles?",
  ])("%s", async (path) => {
    const whole = await everyItem(served, `${path}limit=200`);
    expect(whole.length).toBeGreaterThan(5);
    expect(await everyItem(served, `${path}limit=7`)).toEqual(whole);
  });

  it("also while something comes in between them", async () => {
    const { store, ...own } = await serving();
    const ids = "abcdef012345".split("");
    await store.judged([{
      groupKey: "g1", hits: [], sessions: ids.map((id) => session(id)),
      parts: ids.map((id) => part(id)),
    }]);
    let added = 0;
    const add = async (): Promise<void> => {
      const id = `9${added++}`;
      await store.judged([{
        groupKey: `new${id}`, hits: [], sessions: [session(`new${id}`, { lastAt: 9e14 })],
        parts: [part(id, { level: "critical" })],
      }]);
    };
    const seen = await everyItem({ store, ...own }, "/v1/findings?limit=5", add);
    expect(seen.map(({ id }) => String(id).slice(0, 1)).join("")).toBe("012345abcdef");
    const seenSessions = await everyItem({ store, ...own }, "/v1/sessions?limit=5", add);
    expect(seenSessions.filter(({ id }) => ids.includes(String(id)))).toHaveLength(ids.length);
    expect(added).toBeGreaterThan(3);
  });
});

const agent = "claude-code";
const since = "2026-03-02T12:00:00.000Z";
const until = "2026-03-02T13:00:00.000Z";
const atLeast = levels.slice(levels.indexOf("high"));
const aFinding = findings.find((finding) => at(finding, "role") !== null) ?? {};
const aSession = sessions.find((one) => at(one, "id") === at(aFinding, "session.id")) ?? {};
const [role, id] = [text(aSession, "role.arn"), text(aFinding, "session.id")];
const account = text(aSession, "account");

describe("a filter leaves what it says", () => {
  type Case = readonly [query: string, all: readonly Item[], keep: (item: Item) => boolean];
  const during = (first: string, last: string) => (item: Item) =>
    text(item, last) >= since && text(item, first) < until;
  const cases: readonly Case[] = [
    [`/v1/findings?agent=${agent}`, findings, (item) => at(item, "agent.name") === agent],
    [`/v1/findings?role=${role}`, findings, (item) => at(item, "role.arn") === role],
    [`/v1/findings?account=${account}`, findings, (item) => at(item, "account") === account],
    [`/v1/findings?session=${encodeURIComponent(id)}`, findings,
      (item) => at(item, "session.id") === id],
    [`/v1/findings?rule=${text(aFinding, "rule")}`, findings,
      (item) => at(item, "rule") === at(aFinding, "rule")],
    ["/v1/findings?minLevel=high", findings,
      (item) => atLeast.some((one) => one === item["level"])],
    ["/v1/findings?status=open", findings, (item) => item["status"] === "open"],
    [`/v1/findings?since=${since}&until=${until}`, findings,
      during("firstEventAt", "lastEventAt")],
    [`/v1/sessions?agent=${agent}`, sessions, (item) => at(item, "agent.name") === agent],
    [`/v1/sessions?role=${role}`, sessions, (item) => at(item, "role.arn") === role],
    [`/v1/sessions?account=${account}`, sessions, (item) => at(item, "account") === account],
    [`/v1/sessions?since=${since}&until=${until}`, sessions, during("firstAt", "lastAt")],
    [`/v1/credentials?agent=${agent}`, credentials, (item) => item["agent"] === agent],
    [`/v1/credentials?role=${role}`, credentials, (item) => item["roleArn"] === role],
    [`/v1/credentials?account=${account}`, credentials, (item) => item["account"] === account],
    [`/v1/credentials?session=${encodeURIComponent(id)}`, credentials,
      (item) => item["sessionId"] === id],
    [`/v1/credentials?since=${since}&until=${until}`, credentials, during("firstAt", "lastAt")],
    ["/v1/credentials?live=true", credentials, (item) => isLive(item)],
  ];

  it.each(cases)("%s", async (path, all, keep) => {
    const expected = all.filter(keep);
    expect(await everyItem(served, `${path}&limit=20`)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    if (!path.includes("status=open")) expect(expected.length).toBeLessThan(all.length);
  });

  it("live sessions have a credential that has not expired, or were just seen", async () => {
    const noonish = Date.parse("2026-03-02T12:00:00Z");
    const day = await serving({
      store: app.store, config: () => app.config, now: () => noonish,
    });
    const ids = (await everyItem(day, "/v1/sessions?live=true")).map((item) => item["id"]);
    const expected = sessions.filter((item) => {
      const ends = (at(item, "credentials") as readonly Item[])
        .filter(({ expiresAt }) => expiresAt !== null)
        .map((one) => Date.parse(text(one, "expiresAt")));
      return ends.length > 0
        ? Math.max(...ends) > noonish
        : Date.parse(text(item, "lastAt")) > noonish - 15 * 60_000;
    });
    expect(ids).toEqual(expected.map((item) => item["id"]));
    expect(ids.length).toBeLessThan(sessions.length);
  });
});

function isLive(item: Item): boolean {
  return item["expiresAt"] === null
    ? Date.parse(text(item, "lastAt")) > end - 15 * 60_000
    : Date.parse(text(item, "expiresAt")) > end;
}

describe("agents and roles", () => {
  it("are the sums of their sessions, credentials and findings", async () => {
    const agents = await everyItem(served, "/v1/agents");
    const names = new Set(sessions.flatMap((one) => at(one, "agent.name") ?? []).map(String));
    expect(agents.map(({ name }) => name)).toEqual([...names].sort());
    for (const one of agents) {
      const own = sessions.filter((item) => at(item, "agent.name") === one["name"]);
      const sum = (path: string) => own.reduce((n, item) => n + Number(at(item, path) ?? 0), 0);
      expect(one).toMatchObject({
        sessionCount: own.length,
        eventCount: sum("eventCount"),
        writeCount: sum("counts.write") + sum("counts.permissions") + sum("counts.tagging"),
        deniedCount: sum("deniedCount"),
        liveCredentialCount: credentials
          .filter((item) => item["agent"] === one["name"] && isLive(item)).length,
        lastAt: own.map((item) => text(item, "lastAt")).sort().at(-1),
        openFindings: Object.fromEntries(levels.map((level) => [level, findings.filter((item) =>
          at(item, "agent.name") === one["name"] && item["level"] === level &&
          item["status"] === "open").length])),
      });
    }
    expect(agents.find(({ name }) => name === "aider")).toMatchObject({
      status: "declared", owner: "platform@example.com",
    });
  });
});
