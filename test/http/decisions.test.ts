import { expect, test } from "vitest";
import { part } from "../storage/made.ts";
import { serving, type Item, type Serving } from "./serving.ts";

const served = await serving();
const idA = "a000000000000000";

async function send(
  { ask }: Serving,
  path: string,
  { method = "POST", as = "responder", ...body }: Readonly<Record<string, unknown>> & {
    readonly method?: string;
    readonly as?: "responder" | "viewer" | "admin";
  },
): Promise<{ status: number; json: Item }> {
  const response = await ask(path, { method, as, body });
  const text = await response.text();
  return { status: response.status, json: text === "" ? {} : JSON.parse(text) as Item };
}

test("a finding is acknowledged, closed, closed again, and each has its line", async () => {
  await served.store.judged([{ groupKey: "g", sessions: [], parts: [part("a")], hits: [] }]);
  const path = `/v1/findings/${idA}`;
  expect(await send(served, `${path}/acknowledge`, { reason: "  Looking.  " })).toMatchObject({
    status: 200, json: { id: idA, status: "acknowledged", verdict: null, note: "Looking." },
  });
  expect(await send(served, `${path}/close`, { verdict: "benign", reason: "A drill." }))
    .toMatchObject({
      status: 200, json: { status: "closed", verdict: "benign", note: "A drill." },
    });
  expect(await send(served, `${path}/acknowledge`, { reason: "Late." })).toMatchObject({
    status: 409, json: { detail: `The finding ${idA} is closed already. Look at its verdict.` },
  });
  const again = { verdict: "true-positive", reason: "It was not.", as: "admin" } as const;
  expect(await send(served, `${path}/close`, again)).toMatchObject({
    status: 200, json: { verdict: "true-positive" },
  });
  expect(await served.get(path)).toMatchObject({ status: "closed", note: "It was not." });
  const { items } = await served.get("/v1/audit-log?limit=2");
  expect(items).toMatchObject([
    { actor: "token:ada", action: "finding.close true-positive", subject: idA,
      reason: "It was not.", at: "2026-03-01T10:00:00.000Z" },
    { actor: "token:rita", action: "finding.close benign", subject: idA, reason: "A drill." },
  ]);
  const rest = await served.get("/v1/audit-log");
  expect(rest.items.map(({ action }) => action).at(-1)).toBe("finding.acknowledge");
});

test("what is not there cannot be decided on", async () => {
  for (const deed of ["acknowledge", "close"]) {
    const body = deed === "close" ? { verdict: "benign", reason: "None." } : { reason: "None." };
    expect(await send(served, `/v1/findings/ffffffffffffffff/${deed}`, body)).toMatchObject({
      status: 404,
      json: { detail: "There is no finding ffffffffffffffff. List them at /v1/findings." },
    });
  }
  expect((await served.ask("/v1/findings/ffffffffffffffff")).status).toBe(404);
  const ended = await send(served, "/v1/suppressions/none", { method: "DELETE", reason: "Gone." });
  expect(ended.status).toBe(404);
});

test("a suppression hides, is listed, and ends", async () => {
  await served.store.judged([{
    groupKey: "g2", sessions: [], hits: [], parts: [part("b", { rule: "noisy" })],
  }]);
  const made = await send(served, "/v1/suppressions", {
    rule: "noi*", account: "111122223333", reason: "Moving offices.", days: 7,
  });
  expect(made).toMatchObject({ status: 201, json: {
    rule: "noi*", entity: null, agent: null, account: "111122223333", reason: "Moving offices.",
    createdAt: "2026-03-01T10:00:00.000Z", expiresAt: "2026-03-08T10:00:00.000Z",
  } });
  expect((await served.get("/v1/suppressions")).items).toEqual([made.json]);
  const status = async () => (await served.get("/v1/findings/b000000000000000"))["status"];
  expect(await status()).toBe("suppressed");
  const id = String(made.json["id"]);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  const end = { method: "DELETE", reason: "Moved." };
  const ended = await send(served, `/v1/suppressions/${id}`, end);
  expect(ended).toEqual({ status: 204, json: {} });
  expect(await status()).toBe("open");
  expect((await served.get("/v1/audit-log?limit=2")).items).toMatchObject([
    { action: "suppression.remove", subject: id, reason: "Moved.", actor: "token:rita" },
    { action: "suppression.add", subject: id, reason: "Moving offices." },
  ]);
});

const deeds = "findings/a000000000000000";
test.each([
  {
    what: "no reason", path: `${deeds}/acknowledge`, body: {},
    detail: "reason in the body is missing: expected why, in 1 to 2000 characters: it goes into " +
      "the audit log.",
  },
  {
    what: "a blank reason", path: `${deeds}/acknowledge`, body: { reason: "  " },
    detail: 'reason in the body is "  ": expected why, in 1 to 2000 characters: it goes into the ' +
      "audit log.",
  },
  {
    what: "a verdict of its own", path: `${deeds}/close`, body: { reason: "x", verdict: "fine" },
    detail: 'verdict in the body is "fine": Invalid option: expected one of ' +
      '"true-positive"|"false-positive"|"benign".',
  },
  {
    what: "a suppression of everything", path: "suppressions", body: { reason: "x" },
    detail: "The body has no rule, entity, agent or account: a suppression of everything is " +
      "none. Give one of them.",
  },
  {
    what: "a suppression for ever", path: "suppressions",
    body: { reason: "x", rule: "r", days: 1e9 },
    detail: "days in the body is 1000000000: expected a number of days from 1 to 365.",
  },
  {
    what: "a key that is not known", path: "suppressions",
    body: { reason: "x", rule: "r", forever: true },
    detail: 'The body has "forever", which is not known here. See /docs.',
  },
])("$what changes nothing, and is told so", async ({ path, body, detail }) => {
  const before = await served.store.auditLog(100);
  const { status, json } = await send(served, `/v1/${path}`, body);
  expect({ status, detail: json["detail"] }).toEqual({ status: 400, detail });
  expect(await served.store.auditLog(100)).toEqual(before);
});

test("a body that is none is told so", async () => {
  const response = await served.ask(`/v1/findings/${idA}/acknowledge`, { method: "POST" });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ status: 400, title: "Bad Request" });
});
