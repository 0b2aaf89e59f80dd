import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { json } from "node:stream/consumers";
import { openEndpoint, type Endpoint } from "../../src/wrapper/endpoint.ts";
import { Keeper } from "../../src/wrapper/keeper.ts";

const minute = 60_000;
const credentials = (n: number, expiresAt = Date.now() + 60 * minute) => ({
  accessKeyId: `ASIA${n}`, secretAccessKey: `secret-${n}`, sessionToken: `token-${n}`, expiresAt,
});

let endpoint: Endpoint | null = null;
afterEach(() => {
  endpoint?.close();
});

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(url: string, { method = "GET", path, headers = {} }: Asked) {
  const target = new URL(path ?? "", url);
  return await new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const outgoing = request(target, { method, headers });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      json(response).then(
        (body) => {
          resolve({ status: response.statusCode ?? 0, body });
        },
        reject,
      );
    });
    outgoing.end();
  });
}

describe("the endpoint", () => {
  it("gives the credentials as SDKs expect them, to who has the token", async () => {
    const given = credentials(1);
    endpoint = await openEndpoint(() => Promise.resolve(given));
    expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/credentials$/);
    expect(await ask(endpoint.url, { headers: { authorization: endpoint.token } })).toEqual({
      status: 200,
      body: {
        AccessKeyId: "ASIA1", SecretAccessKey: "secret-1", Token: "token-1",
        Expiration: new Date(given.expiresAt).toISOString(),
      },
    });
  });

  it.each<[string, (token: string) => Asked, number]>([
    ["no token", () => ({}), 401],
    ["a wrong token", () => ({ headers: { authorization: "x" } }), 401],
    ["one as long", (t) => ({ headers: { authorization: "x".repeat(t.length) } }), 401],
    ["the token as a bearer's", (t) => ({ headers: { authorization: `Bearer ${t}` } }), 401],
    ["another host's name", (t) => ({ headers: { authorization: t, host: "evil.example" } }), 403],
    ["localhost as a name", (t) => ({ headers: { authorization: t, host: "localhost" } }), 403],
    ["another path", (t) => ({ headers: { authorization: t }, path: "/" }), 404],
    ["another method", (t) => ({ headers: { authorization: t }, method: "POST" }), 404],
  ])("refuses %s", async (_what, asked, status) => {
    endpoint = await openEndpoint(() => Promise.reject(new Error("Nobody may ask.")));
    const answer = await ask(endpoint.url, asked(endpoint.token));
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain("secret");
  });

  it("says so when there is nothing to give any more", async () => {
    endpoint = await openEndpoint(() => Promise.resolve(null));
    expect((await ask(endpoint.url, { headers: { authorization: endpoint.token } })).status)
      .toBe(410);
  });

  it("has another token each time", async () => {
    endpoint = await openEndpoint(() => Promise.resolve(null));
    const other = await openEndpoint(() => Promise.resolve(null));
    other.close();
    expect(other.token).not.toBe(endpoint.token);
    expect(other.token.length).toBeGreaterThanOrEqual(43);
  });
});

describe("the keeper", () => {
  const at = Date.UTC(2026, 2, 1);
  const kept = (first: number, issue: () => Promise<ReturnType<typeof credentials>>) => {
    const faults: string[] = [];
    const keeper = new Keeper(credentials(1, at + first), {
      issue, onFault: ({ message }) => faults.push(message),
    });
    return { keeper, faults };
  };

  it("gives the same one until five minutes before its end, then a new one", async () => {
    let count = 1;
    const { keeper } = kept(15 * minute, () =>
      Promise.resolve(credentials(++count, at + 30 * minute)));
    expect((await keeper.current(at))?.accessKeyId).toBe("ASIA1");
    expect((await keeper.current(at + 10 * minute - 1))?.accessKeyId).toBe("ASIA1");
    expect((await keeper.current(at + 10 * minute))?.accessKeyId).toBe("ASIA2");
    expect((await keeper.current(at + 11 * minute))?.accessKeyId).toBe("ASIA2");
  });

  it("asks once for all who ask at the same time", async () => {
    let count = 1;
    const { keeper } = kept(minute, () => Promise.resolve(credentials(++count, at + 30 * minute)));
    const given = await Promise.all([at, at, at].map((now) => keeper.current(now)));
    expect(given.map((each) => each?.accessKeyId)).toEqual(["ASIA2", "ASIA2", "ASIA2"]);
  });

  it("gives the old one while STS fails, and none once that has run out", async () => {
    const { keeper, faults } = kept(minute, () => Promise.reject(new Error("STS is away.")));
    expect((await keeper.current(at))?.accessKeyId).toBe("ASIA1");
    expect(await keeper.current(at + minute)).toBeNull();
    expect(faults).toEqual(["STS is away.", "STS is away."]);
  });

  it("gives and issues none after the end, also of what was under way", async () => {
    let finish: (value: ReturnType<typeof credentials>) => void = () => undefined;
    const { keeper } = kept(minute, () => new Promise((resolve) => {
      finish = resolve;
    }));
    const underWay = keeper.current(at);
    keeper.end();
    finish(credentials(2, at + 30 * minute));
    expect(await underWay).toBeNull();
    expect(await keeper.current(at)).toBeNull();
  });
});
