import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import type { Receiver } from "../../src/notifications/create-receiver.ts";
import { part } from "../storage/made.ts";
import { ann, DeskPlace } from "./desk-place.ts";
import { Listener, type Heard, type Reply } from "./listener.ts";

const routingKey = "R0UT1NGKEYR0UT1NGKEYR0UT1NGKEY00";

/** https://developer.pagerduty.com/docs/send-alert-event */
const Event = z.discriminatedUnion("event_action", [
  z.strictObject({
    routing_key: z.literal(routingKey),
    event_action: z.literal("trigger"),
    dedup_key: z.string().min(1).max(255),
    client: z.string(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(["critical", "error", "warning", "info"]),
      timestamp: z.iso.datetime().optional(),
      component: z.string().min(1).optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()),
    }),
  }),
  z.strictObject({
    routing_key: z.literal(routingKey),
    event_action: z.enum(["acknowledge", "resolve"]),
    dedup_key: z.string().min(1).max(255),
  }),
]);

let pagerDuty: Listener;
let place: DeskPlace;
let receiver: Receiver;
let events: z.infer<typeof Event>[];

/** Ours, strict: what does not fit is an invalid event. */
function reply({ body }: Heard): Reply {
  const { data, error } = Event.safeParse(JSON.parse(body));
  if (data === undefined || Buffer.byteLength(body) > 512 * 1024) {
    return { status: 400, body: JSON.stringify({ status: "invalid event", message: error }) };
  }
  events.push(data);
  const { dedup_key } = data;
  const body202 = { status: "success", message: "Event processed", dedup_key };
  return { status: 202, body: JSON.stringify(body202) };
}

beforeEach(async () => {
  events = [];
  pagerDuty = new Listener(reply);
  const url = `${await pagerDuty.listen()}/v2/enqueue`;
  place = await DeskPlace.open();
  receiver = place.receiver({ kind: "pagerduty", url, routingKey, repeatHours: null });
});
afterEach(async () => {
  await pagerDuty.close();
  await place.store.close();
});

it("triggers, acknowledges and resolves one incident a finding", async () => {
  const fingerprint = "a".padEnd(64, "0");
  await place.judged([part("a")]);
  await place.tell(receiver);
  await place.judged([part("a", { level: "critical" })]);
  await place.tell(receiver);
  await place.store.acknowledge("a000000000000000", "On it.", ann);
  await place.tell(receiver);
  await place.judged([]);
  await place.tell(receiver);
  expect(events.map((event) => event.event_action)).toEqual([
    "trigger", "trigger", "acknowledge", "resolve",
  ]);
  expect(new Set(events.map((event) => event.dedup_key))).toEqual(new Set([fingerprint]));
  expect(events[0]).toMatchObject({ payload: {
    summary: "[HIGH] It did.", severity: "error", source: "111122223333", class: "rule-a",
    custom_details: { id: "a000000000000000", look: "trailwarden findings show a000000000000000" },
  } });
  expect(events[1]).toMatchObject({ payload: { severity: "critical" } });
});

it("resolves what is suppressed, and triggers what opens again", async () => {
  await place.judged([part("a")]);
  await place.tell(receiver);
  await place.store.suppress({
    id: "s", rule: "rule-a", entity: null, agent: null, account: null, reason: "Ours.",
    createdAt: place.now, expiresAt: place.now + 86_400_000,
  }, ann);
  await place.tell(receiver, 10);
  await place.store.unsuppress("s", "Over.", ann);
  await place.judged([]);
  await place.tell(receiver);
  await place.judged([part("a")]);
  await place.tell(receiver);
  expect(events.map((event) => event.event_action)).toEqual(["trigger", "resolve", "trigger"]);
});

it("sends what fits, whatever strangers write", async () => {
  const long = "\u202e<b>&\n".repeat(50_000);
  await place.judged([part("a", { because: long, values: { "event.x": long } })]);
  await place.tell(receiver);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ payload: { custom_details: { values: {} } } });
});

it.each<[string, Reply, string]>([
  ["that it is too much", { status: 429, headers: { "retry-after": "7" } }, "throttled"],
  ["that it is broken", { status: 500 }, "failed"],
  ["that the key is none", { status: 403 }, "denied"],
  ["something else", { status: 202, body: "Hello." }, "garbage"],
  ["nothing, and hangs up", "reset", "unreachable"],
])("keeps what it could not tell where PagerDuty says %s", async (_what, said, code) => {
  pagerDuty.reply = () => said;
  await place.judged([part("a")]);
  await expect(place.tell(receiver)).rejects.toMatchObject({ code });
  pagerDuty.reply = reply;
  await place.tell(receiver);
  expect(events).toHaveLength(1);
});
