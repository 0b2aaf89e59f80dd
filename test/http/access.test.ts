import { describe, expect, it, test } from "vitest";
import { newToken, oneTimeToken, refusalToBind, roles, tokenOf } from "../../src/http/tokens.ts";
import { Config } from "../../src/config/schema.ts";
import { part, session, suppression } from "../storage/made.ts";
import { noon } from "../storage/made.ts";
import { everyRoute } from "./every-route.ts";
import { configured, serving, tokens } from "./serving.ts";

const served = await serving();
await served.store.judged([
  { groupKey: "g1", sessions: [session("s1")], parts: [part("a")], hits: [] },
]);
await served.store.suppress(suppression("s1"), { actor: "cli:ann", at: noon });

const callers = [null, ...roles] as const;

describe("a token's role decides what it may", () => {
  it.each(everyRoute)("$method $path", async ({ method, path, body, least }) => {
    for (const as of callers) {
      const { status } = await served.ask(path, { method, as, body });
      const isEnough = least === "open" ||
        (as !== null && roles.indexOf(as) >= roles.indexOf(least));
      const refused = as === null ? 401 : 403;
      expect({ as, isRefused: status === refused }).toEqual({ as, isRefused: !isEnough });
      if (isEnough) expect([200, 201, 204, 404, 409]).toContain(status);
    }
  });

  it("a refusal says what is needed, and what to do", async () => {
    const none = await served.ask("/v1/findings", { as: null });
    expect(none.headers.get("www-authenticate")).toBe('Bearer realm="trailwarden"');
    expect(await none.json()).toEqual({
      type: "urn:trailwarden:problem:unauthenticated", title: "Unauthorized", status: 401,
      detail: "No token that is known here came with the request. Send Authorization: Bearer " +
        "<token>; make one with: trailwarden token new --name <name> --role viewer",
    });
    const low = await served.ask("/v1/audit-log", { as: "viewer" });
    expect(await low.json()).toMatchObject({
      status: 403,
      detail: "The token vera has the role viewer; this needs admin. Use another token, or " +
        "change its role under http.tokens in the config.",
    });
  });

  it("what is refused is counted by route and status", async () => {
    served.ended.length = 0;
    await served.ask("/v1/sessions", { as: null });
    await served.ask("/v1/audit-log", { as: "viewer" });
    await served.ask("/nowhere", { as: null });
    expect(served.ended.map(({ route, method, status }) => [route, method, status])).toEqual([
      ["/v1/sessions", "GET", 401], ["/v1/audit-log", "GET", 403], ["unmatched", "GET", 401],
    ]);
    expect(served.ended.every(({ seconds }) => seconds >= 0 && seconds < 10)).toBe(true);
  });
});

describe("what is presented", () => {
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString("base64")}`;
  const token = tokens.admin;
  it.each([
    ["a Bearer token", `Bearer ${token}`, 200],
    ["a scheme in small letters", `bearer ${token}`, 200],
    ["a token as the password of any user", basic(`me:${token}`), 200],
    ["a token without its first letter", `Bearer ${token.slice(1)}`, 401],
    ["a token and more", `Bearer ${token}x`, 401],
    ["the digest that the config keeps", `Bearer ${configured[2]?.sha256 ?? ""}`, 401],
    ["a token as user name", basic(`${token}:`), 401],
    ["a bare token", token, 401],
    ["an empty token", "Bearer ", 401],
    ["another scheme", `Digest ${token}`, 401],
    ["nonsense", "Basic %%%", 401],
  ])("%s", async (_what, authorization, status) => {
    const response = await served.ask("/v1/audit-log", { as: null, headers: { authorization } });
    expect(response.status).toBe(status);
  });

  it("a password changes nothing: browsers send it for any page that asks", async () => {
    const response = await served.ask("/v1/findings/a000000000000000/close", {
      as: null, method: "POST", body: { verdict: "benign", reason: "Forged." },
      headers: { authorization: basic(`me:${token}`) },
    });
    expect(response.status).toBe(401);
  });

  it("a browser is asked for a password on the documentation's pages", async () => {
    const response = await served.ask("/docs", { as: null });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Basic realm=/);
    const headers = { authorization: basic(`me:${tokens.viewer}`) };
    const page = await served.ask("/docs", { as: null, headers });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="swagger-ui">');
  });
});

test("tokens are asked for at each request, as the config may be read again", async () => {
  const [viewer, , admin] = configured;
  let known = viewer === undefined ? [] : [viewer];
  const { ask } = await serving({ tokens: () => known });
  expect((await ask("/v1/findings", { as: "viewer" })).status).toBe(200);
  known = admin === undefined ? [] : [admin];
  expect((await ask("/v1/findings", { as: "viewer" })).status).toBe(401);
  expect((await ask("/v1/findings", { as: "admin" })).status).toBe(200);
});

describe("tokens", () => {
  it("have 256 bits of chance, and the config keeps their digest only", () => {
    const { text, token } = newToken("ann", "viewer");
    expect(text).toMatch(/^tw_[\w-]{43}$/);
    expect(Config.parse({ http: { tokens: [token] } }).http.tokens).toEqual([token]);
    expect(JSON.stringify(token)).not.toContain(text.slice(3));
    expect(newToken("ann", "viewer").text).not.toBe(text);
    expect(tokenOf(text, [oneTimeToken().token, token])).toBe(token);
    expect(tokenOf(text, [])).toBeNull();
    expect(oneTimeToken().token).toMatchObject({ name: "one-time", role: "admin" });
  });

  it.each([
    ["127.0.0.1", true], ["127.8.9.1", true], ["::1", true], ["localhost", true],
    ["::ffff:127.0.0.1", true], ["0.0.0.0", false], ["::", false], ["10.0.0.7", false],
    ["example.com", false], ["127.0.0.1.example.com", false], ["", false],
  ])("without tokens, %s is served: %s", (host, isServed) => {
    expect(refusalToBind(host, []) === null).toBe(isServed);
    expect(refusalToBind(host, configured)).toBeNull();
    if (!isServed) expect(refusalToBind(host, [])).toContain("trailwarden token new");
  });
});
