import { afterEach, beforeEach, expect, it } from "vitest";
import { Webhook } from "standardwebhooks";
import { Config } from "../../src/config/schema.ts";
import { part } from "../storage/made.ts";
import { DeskPlace } from "./desk-place.ts";
import { Listener } from "./listener.ts";

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;

let listener: Listener;
let place: DeskPlace;
let url: string;

beforeEach(async () => {
  listener = new Listener(() => ({ status: 204 }));
  url = await listener.listen();
  place = await DeskPlace.open();
  // The reference library takes nothing that is older than five minutes.
  place.now = Date.now();
});
afterEach(async () => {
  await listener.close();
  await place.store.close();
});

const hook = (changes: object = {}) =>
  place.receiver({ kind: "webhook", url, secrets: [secretOf(1)], ...changes });

it("signs as the reference library verifies, with each of its secrets", async () => {
  await place.judged([part("a", { because: "Ünïcode 😀 \u0000" })]);
  await place.tell(hook({ secrets: [secretOf(1), secretOf(2)] }));
  const [{ body, headers } = { body: "", headers: {} }] = listener.heard;
  for (const byte of [1, 2]) {
    const data = new Webhook(secretOf(byte)).verify(body, headers as Record<string, string>);
    expect(data).toMatchObject({
      type: "finding.open", timestamp: "2026-03-01T10:00:00.000Z",
      data: { seq: 1, version: "high open", id: "a000000000000000", status: "open" },
    });
  }
  const forged = () => new Webhook(secretOf(3)).verify(body, headers as Record<string, string>);
  expect(forged).toThrow("No matching signature");
});

it("tells a word again under the same id, and another word under another", async () => {
  const receiver = hook();
  await place.judged([part("a"), part("b")]);
  listener.reply = ({ body }) => ({ status: body.includes('"b0') ? 503 : 200 });
  await expect(place.tell(receiver)).rejects.toMatchObject({ code: "failed" });
  await expect(place.tell(receiver)).rejects.toMatchObject({ code: "failed" });
  listener.reply = () => ({ status: 200 });
  await place.judged([part("a", { level: "critical" }), part("b")]);
  await place.tell(receiver);
  expect(listener.heard.map(({ headers }) => headers["webhook-id"])).toEqual([
    "a000000000000000-1", "b000000000000000-2", "b000000000000000-2", "b000000000000000-2",
    "a000000000000000-3",
  ]);
});

it("sends the headers it is given, and no word that is for others", async () => {
  await place.judged([part("a", { level: "low" }), part("b", { rule: "zombie-use" })]);
  await place.tell(hook({ headers: { "X-Tenant": "one" }, only: { minLevel: "medium" } }));
  expect(listener.heard.map(({ headers }) => [headers["x-tenant"], headers["webhook-id"]]))
    .toEqual([["one", "b000000000000000-2"]]);
});

it.each(["whsec_short", "no-prefix-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])(
  "takes no secret that is none: %s", (secret) => {
    const sinks = [{ kind: "webhook", name: "w", url: "https://x.example", secrets: [secret] }];
    expect(Config.safeParse({ sinks }).success).toBe(false);
  });
