import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { round, type Responder } from "../../src/response/respond.ts";
import { newToken } from "../../src/http/tokens.ts";
import { at } from "../builders/event.ts";
import { contextOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { office } from "../response/desk.ts";
import { keepSession } from "../storage/with-store.ts";
import { configured, serving, type Item } from "./serving.ts";

const task = roleSession("ro", "task-1", { agent: "aider" });
const here = await office();
here.account.addRole(roleSeen("ro"));
await keepSession(here.store, task);

let response: object = {};
const config = () => Config.parse({ http: { requestsPerMinute: 1e9 }, response });
const responder = (): Responder =>
  Object.assign(here, { config: config().response, ownRoles: [] });
let wokenCount = 0;
const bob = newToken("bob", "responder");
const served = await serving({
  store: here.store, config, now: () => here.time, tokens: () => [...configured, bob.token],
  response: {
    responder: () => Promise.resolve(responder()),
    wake: () => { wokenCount += 1; },
  },
});

async function post(path: string, body: object, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await served.ask(path, { method: "POST", as: "responder", body, headers });
  return { status: answer.status, json: await answer.json() as Item };
}
const ask = (dryRun = false) => post("/v1/revocations", {
  target: { kind: "credential", value: task.credentials[0]?.accessKeyId }, reason: "leaked", dryRun,
});
const isLost = () => here.account.denies("ro", contextOf(task));

describe("/v1/revocations", () => {
  it("asks for nothing at defaults, nor in a dry run, and shows the plan", async () => {
    const note = "response.enabled is false: nothing is changed in any account.";
    expect(await ask()).toMatchObject({
      status: 200,
      json: { revocation: null, notes: [note], plan: { hits: [{ id: task.id }] } },
    });
    response = { enabled: true, approvals: [{ people: 2 }] };
    expect(await ask(true)).toMatchObject({ status: 200, json: { revocation: null } });
    expect(await served.get("/v1/revocations")).toEqual({ items: [], next: null });
    expect(wokenCount).toBe(0);
  });

  it("takes another person's yes to the version, and is then carried out", async () => {
    const { status, json } = await ask();
    const { id, version } = json["revocation"] as { id: string; version: string };
    expect([status, wokenCount]).toEqual([201, 1]);
    const path = `/v1/revocations/${id}`;
    expect(await served.get(path)).toMatchObject({
      state: "requested", isAwaited: true, people: 2, requestedBy: "token:rita",
      requestedAt: new Date(at(600)).toISOString(), plan: { changes: [{ kind: "deny" }] },
    });
    const approve = (of: string, token?: string) => post(`${path}/approve`, { version: of }, token);
    expect(await approve(version)).toMatchObject({
      status: 409,
      json: { detail: "You have asked for it, or said yes already. Another person has to." },
    });
    expect(await approve("another", bob.text)).toMatchObject({ status: 409 });
    expect(await approve(version, bob.text)).toMatchObject({
      status: 200, json: { state: "approved", isAwaited: false },
    });
    expect((await round(responder())).map(({ as }) => as)).toEqual(["written"]);
    expect([isLost(), (await served.get(path))["state"]]).toEqual([true, "applied"]);
    expect(await served.get("/v1/revocations?open=true&limit=1")).toMatchObject({
      items: [{ id }], next: null,
    });
    expect(await post(`${path}/undo`, { reason: "a mistake" })).toMatchObject({
      status: 200, json: { state: "undone", undone: { by: "token:rita", reason: "a mistake" } },
    });
    await round(responder());
    expect(isLost()).toBe(false);
    expect(await post(`${path}/undo`, { reason: "again" })).toMatchObject({ status: 409 });
    const { items } = await served.get("/v1/audit-log?limit=20");
    const deeds = items.filter(({ subject }) => subject === id);
    expect(deeds.map(({ actor, action }) => `${String(actor)} ${String(action)}`)).toEqual([
      "trailwarden revocation.pruned", "token:rita revocation.undone",
      "trailwarden revocation.applied", "trailwarden revocation.released",
      "token:bob revocation.approved", "token:rita revocation.request",
    ]);
  });

  it("takes a no, and pages", async () => {
    here.time += 1000;
    const { json } = await ask();
    const { id } = json["revocation"] as { id: string };
    expect(await post(`/v1/revocations/${id}/decline`, { reason: "no" })).toMatchObject({
      status: 200, json: { state: "declined", declined: { reason: "no" } },
    });
    const first = await served.get("/v1/revocations?limit=1");
    expect(first.items).toMatchObject([{ id }]);
    const second = await served.get(`/v1/revocations?limit=1&cursor=${first.next ?? ""}`);
    expect(second).toMatchObject({ items: [{ state: "undone" }], next: null });
  });
});

describe("/v1/response", () => {
  it("is paused and resumed, and says what waits for it", async () => {
    response = { enabled: true };
    const { json } = await ask();
    const { id } = json["revocation"] as { id: string };
    expect(await post("/v1/response/pause", { reason: "hands off" })).toMatchObject({
      status: 200,
      json: {
        enabled: true, paused: { by: "token:rita", reason: "hands off" },
        open: [{ state: "approved", count: 1 }],
        waiting: [{ id, for: "resume" }],
      },
    });
    await round(responder());
    expect(isLost()).toBe(false);
    expect(await post("/v1/response/resume", {})).toMatchObject({
      status: 200, json: { paused: null, waiting: [] },
    });
    await round(responder());
    expect([isLost(), await served.get("/v1/response")]).toMatchObject([
      true, { open: [{ state: "applied", count: 1 }] },
    ]);
  });
});
