import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { part, session } from "../storage/made.ts";
import { everyRoute } from "./every-route.ts";
import { serving, tokens } from "./serving.ts";

const evil = "<script>alert(1)</script>\u0000\u202e\ud800\\'\"; DROP TABLE findings; --";
const served = await serving();
await served.store.judged([{
  groupKey: evil, hits: [],
  sessions: [session(evil, { name: evil, account: evil, arn: evil, tags: { [evil]: evil } })],
  parts: [part("a", {
    rule: evil, title: evil, because: evil, account: evil,
    entity: { type: "session", id: evil }, session: { id: evil, arn: evil, name: evil },
    agent: { name: evil, basis: evil }, values: { [evil]: [evil, null, 7] },
  })],
}]);

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme-composite" }),
  fc.constantFrom(evil, "%", "%00", "../../etc/passwd", "__proto__", "constructor", "null", "NaN",
    "1e309", "-0", "[]", "{}", "'", '"', "\\", "*", "?", "a".repeat(3000)),
  fc.array(fc.oneof(fc.constant("findings level"), fc.jsonValue()), { maxLength: 5 })
    .map((parts) => Buffer.from(JSON.stringify(parts)).toString("base64url")),
);
const names = [
  "limit", "cursor", "sort", "agent", "role", "account", "session", "since", "until", "live",
  "rule", "minLevel", "status", "__proto__", "toString",
];

/** Answered as data, with no fault of ours. */
async function expectAnswer(path: string, init: { method?: string; body?: string }): Promise<void> {
  const headers = {
    authorization: `Bearer ${tokens.admin}`,
    ...(init.body === undefined ? {} : { "content-type": "application/json" }),
  };
  const response = await fetch(served.url + path, { ...init, headers });
  const text = await response.text();
  expect({ path, fault: response.status >= 500 ? text : "", errors: served.errors })
    .toEqual({ path, fault: "", errors: [] });
  if (response.status === 204) return;
  expect(response.headers.get("content-type")).toMatch(/^application\/(?:problem\+)?json/);
  expect(() => { JSON.parse(text); }).not.toThrow();
  expect(text).not.toMatch(/node_modules|\.ts:\d|SQLITE/);
}

describe("whatever is asked, the answer is data and no fault", () => {
  const gets = everyRoute.filter(({ method, path }) => method === "GET" && path !== "/metrics");

  it("of queries", async () => {
    const query = fc.array(fc.tuple(fc.constantFrom(...names), hostile), { maxLength: 3 });
    await fc.assert(fc.asyncProperty(fc.constantFrom(...gets), query, async ({ path }, pairs) => {
      const text = pairs.map(([name, value]) => `${name}=${escaped(value)}`).join("&");
      await expectAnswer(`${path}${path.includes("?") ? "&" : "?"}${text}`, {});
    }), { numRuns: 200 });
  });

  it("of ids", async () => {
    const patterns = everyRoute.filter(({ pattern }) => pattern.includes("{id}"));
    await fc.assert(fc.asyncProperty(fc.constantFrom(...patterns), hostile, async (route, id) => {
      const { method, pattern, body } = route;
      if (escaped(id) === "" || /^\.{1,2}$/.test(id)) return;
      await expectAnswer(pattern.replace("{id}", () => escaped(id)), {
        method, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    }), { numRuns: 150 });
  });

  it("of bodies", async () => {
    const bodied = everyRoute.filter(({ body }) => body !== undefined);
    const body = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.dictionary(
        fc.constantFrom("reason", "verdict", "rule", "entity", "agent", "account", "days", "x"),
        fc.oneof(hostile, fc.jsonValue()),
      ).map((value) => JSON.stringify(value)),
    );
    await fc.assert(fc.asyncProperty(fc.constantFrom(...bodied), body, async (route, text) => {
      await expectAnswer(route.path, { method: route.method, body: text });
    }), { numRuns: 150 });
  });
});

it("what others chose comes back as it was, as JSON", async () => {
  const { items } = await served.get("/v1/findings?limit=1");
  expect(items).toMatchObject([{ rule: evil, because: evil, values: { [evil]: [evil, null, 7] } }]);
  const { items: sessions } = await served.get("/v1/sessions");
  expect(sessions).toMatchObject([{ id: evil, name: evil, tags: { [evil]: evil } }]);
});

/** Half characters cannot be in an address. */
function escaped(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, ""));
}
