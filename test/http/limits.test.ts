import { connect } from "node:net";
import { describe, expect, it, test } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { StoreFault } from "../../src/storage/fault.ts";
import { part } from "../storage/made.ts";
import { everyRoute, pages } from "./every-route.ts";
import { serving, tokens } from "./serving.ts";

const served = await serving();
await served.store.judged([{ groupKey: "g", sessions: [], parts: [part("a")], hits: [] }]);
const acknowledge = "/v1/findings/a000000000000000/acknowledge";

describe("every answer is data, and kept by nobody", () => {
  it.each([...everyRoute, ...pages.map((path) => ({ method: "GET", path })),
    { method: "GET", path: "/nowhere" }, { method: "GET", path: "/%" }])(
    "$method $path", async ({ method, path }) => {
      const { headers } = await served.ask(path, { method });
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("server")).toBeNull();
      if (path === "/%") return;
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    },
  );
});

describe("what is wrong with a request is told as a problem document", () => {
  it.each([
    ["/v1/findings?limit=500", 400,
      'limit in the query is "500": expected a whole number from 1 to 200.'],
    ["/v1/findings?limit=0", 400,
      'limit in the query is "0": expected a whole number from 1 to 200.'],
    ["/v1/findings?limit=x&sort=worst", 400,
      'limit in the query is "x": expected a whole number from 1 to 200. ' +
      'sort in the query is "worst": expected level or -lastEventAt.'],
    ["/v1/findings?limit=1&limit=2", 400,
      'limit in the query is ["1","2"]: expected a whole number from 1 to 200.'],
    ["/v1/findings?livel=high", 400, 'The query has "livel", which is not known here. See /docs.'],
    ["/v1/findings?cursor=abc", 400, 'cursor in the query is "abc": no cursor of this list and ' +
      "sort. Send a next as it came, with the sort it came for, or start again without."],
    ["/v1/sessions?since=yesterday", 400, 'since in the query is "yesterday": expected an ' +
      "instant such as 2026-03-01T10:00:00Z."],
    ["/v1/sessions?live=no", 400, 'live in the query is "no": expected true, or no live at all.'],
    ["/v1/findings/xyz", 400, 'id in the path is "xyz": expected the 16 hex digits of a ' +
      "finding's id."],
    ["/nowhere", 404, "There is nothing here. See /docs."],
    ["/%", 400, "The request cannot be read. Send well-formed HTTP, with JSON."],
  ])("%s", async (path, status, detail) => {
    const response = await served.ask(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type"))
      .toBe("application/problem+json; charset=utf-8");
    const kind = { 400: "invalid-request", 404: "not-found" }[status];
    const title = { 400: "Bad Request", 404: "Not Found" }[status];
    expect(await response.json())
      .toEqual({ type: `urn:trailwarden:problem:${kind ?? ""}`, title, status, detail });
  });

  it.each([
    ["too large", { body: `"${"x".repeat(64 * 1024)}"`, type: "application/json" }, 413],
    ["no JSON", { body: "{", type: "application/json" }, 400],
    ["a form", { body: "reason=x", type: "application/x-www-form-urlencoded" }, 415],
    ["plain text", { body: '{"reason":"x"}', type: "text/plain" }, 415],
    ["a prototype", { body: '{"reason":"x","__proto__":{"a":1}}', type: "application/json" }, 400],
  ])("a body that is %s", async (_what, { body, type }, status) => {
    const response = await fetch(served.url + acknowledge, {
      method: "POST", body,
      headers: { authorization: `Bearer ${tokens.admin}`, "content-type": type },
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status });
    expect(await served.store.auditLog(1)).toEqual([]);
  });
});

describe("what is wrong with us is not told, but known", () => {
  it.each([
    {
      what: "a bug", error: new Error("secret path /etc/x"), status: 500,
      detail: "Something in trailwarden broke. Its log says what.",
    },
    {
      what: "a store's fault", error: new StoreFault("store-corrupt", "/var/secret.db"),
      status: 503, detail: "The store cannot be used now. Try again in a moment.",
    },
  ])("$what", async ({ error, status, detail }) => {
    const { ask, errors } = await serving({
      store: { ...served.store, listFindings: () => Promise.reject(error) },
    });
    const response = await ask("/v1/findings");
    expect(response.status).toBe(status);
    expect(response.headers.get("retry-after")).toBe(status === 503 ? "5" : null);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status, detail });
    expect(text).not.toContain("secret");
    expect(errors).toEqual([error]);
  });

  test("readiness is told with what stands in the way", async () => {
    const checks = [{ name: "store", ok: false, detail: "The disk is full." }];
    const { ask, errors } = await serving({ readiness: () => ({ ready: false, checks }) });
    const response = await ask("/readyz");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, checks });
    expect(errors).toEqual([]);
    const metrics = await ask("/metrics", { as: "viewer" });
    expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4");
    expect(await metrics.text()).toBe("up 1\n");
  });
});

describe("more than so many requests a minute", () => {
  const config = () => Config.parse({ http: { requestsPerMinute: 3 } });

  it("are refused to a token, and not to another", async () => {
    const { ask } = await serving({ config });
    const statuses = async (as: "viewer" | "admin", path: string) => {
      const each = [];
      for (let i = 0; i < 4; i += 1) each.push((await ask(path, { as })).status);
      return each;
    };
    expect(await statuses("viewer", "/v1/suppressions")).toEqual([200, 200, 200, 429]);
    expect(await statuses("admin", "/v1/suppressions")).toEqual([200, 200, 200, 429]);
    const refused = await ask("/v1/suppressions");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({
      type: "urn:trailwarden:problem:too-many-requests", status: 429,
    });
  });

  it("are refused to an address without a token; the pulse is not counted", async () => {
    const { ask } = await serving({ config });
    const statuses = [];
    for (let i = 0; i < 5; i += 1) {
      statuses.push((await ask("/v1/suppressions", { as: null })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    for (let i = 0; i < 9; i += 1) {
      expect((await ask("/healthz", { as: null })).status).toBe(200);
    }
  });
});

test("closing ends what is being answered, then lets go of the port", async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => { answer = resolve; });
  let begun: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => { begun = resolve; });
  const slow = await serving({
    metrics: async () => {
      begun();
      await asked;
      return { contentType: "text/plain", text: "done" };
    },
  });
  const response = slow.ask("/metrics");
  await arrived;
  const closed = slow.close();
  answer();
  expect(await (await response).text()).toBe("done");
  await closed;
  const port = Number(new URL(slow.url).port);
  const refused = new Promise((resolve) => connect({ port, host: "127.0.0.1" })
    .on("error", () => { resolve("refused"); }).on("connect", () => { resolve("open"); }));
  expect(await refused).toBe("refused");
});
