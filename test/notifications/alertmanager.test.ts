import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import type { Receiver } from "../../src/notifications/create-receiver.ts";
import { part } from "../storage/made.ts";
import { ann, DeskPlace } from "./desk-place.ts";
import { Listener, type Heard, type Reply } from "./listener.ts";

/** https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
const labelSet = z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string());
const Alerts = z.array(z.strictObject({
  labels: labelSet,
  annotations: labelSet,
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
}));

let listener: Listener;
let place: DeskPlace;
let receiver: Receiver;
/** By labels: when it is over, ms UTC. */
let endsAt: Map<string, number>;

/** Ours: keeps alerts as Alertmanager does, told apart by their labels. */
function reply({ path, body, headers }: Heard): Reply {
  if (headers.authorization !== "Bearer secret") return { status: 401 };
  const { data } = Alerts.safeParse(JSON.parse(body));
  if (path !== "/am/api/v2/alerts" || data === undefined) return { status: 400 };
  for (const alert of data) endsAt.set(JSON.stringify(alert.labels), Date.parse(alert.endsAt));
  return { status: 200 };
}

/** The alerts that fire now: finding and severity. */
function firing(): readonly string[] {
  return [...endsAt].filter(([, end]) => end > place.now).map(([text]) => {
    const { finding, severity } = JSON.parse(text) as Record<string, string>;
    return `${finding?.slice(0, 1) ?? ""} ${severity ?? ""}`;
  });
}

beforeEach(async () => {
  endsAt = new Map();
  listener = new Listener(reply);
  const url = `${await listener.listen()}/am/`;
  place = await DeskPlace.open();
  receiver = place.receiver({
    kind: "alertmanager", url, labels: { team: "security" },
    headers: { Authorization: "Bearer secret" },
  });
});
afterEach(async () => {
  await listener.close();
  await place.store.close();
});

it("keeps a finding firing for as long as it is open, and ends it with it", async () => {
  await place.judged([part("a"), part("b", { level: "low" })]);
  for (let minute = 0; minute < 30; minute += 1) {
    await place.tell(receiver, 1);
    expect(firing()).toEqual(["a high", "b low"]);
  }
  expect(listener.heard).toHaveLength(30);
  await place.store.acknowledge("a000000000000000", "On it.", ann);
  await place.tell(receiver, 4);
  expect(firing()).toEqual(["a high", "b low"]);
  await place.store.closeFinding("a000000000000000", { verdict: "benign", note: "" }, ann);
  await place.tell(receiver);
  expect(firing()).toEqual(["b low"]);
  place.now += 3 * 60_000;
  expect(firing()).toEqual(["b low"]);
  place.now += 60_000;
  expect(firing()).toEqual([]);
});

it("ends the alert of the level before when a finding grows worse", async () => {
  await place.judged([part("a", { agent: { name: "aider", basis: "role-arn" } })]);
  await place.tell(receiver);
  await place.judged([part("a", {
    level: "critical", agent: { name: "aider", basis: "role-arn" },
  })]);
  await place.tell(receiver);
  expect(firing()).toEqual(["a critical"]);
  expect([...endsAt.keys()].map((text) => JSON.parse(text) as unknown)[0]).toEqual({
    alertname: "TrailwardenFinding", finding: "a000000000000000", rule: "rule-a",
    severity: "high", agent: "aider", account: "111122223333", team: "security",
  });
});

it("has text of strangers in annotations only", async () => {
  const name = "{{ .Evil }}\u0000\n<img>";
  await place.judged([part("a", {
    because: name, session: { id: "s", arn: null, name }, entity: { type: "session", id: name },
  })]);
  await place.tell(receiver);
  const [[alert]] = listener.bodies as [[{ labels: object; annotations: Record<string, string> }]];
  expect(JSON.stringify(alert.labels)).not.toContain("Evil");
  expect(alert.annotations["description"]).toBe("{{ .Evil }}··<img>");
  expect(alert.annotations["details"]).toContain("Session: {{ .Evil }}··<img>");
});

it("goes on after a refusal of one, alert by alert", async () => {
  listener.reply = (heard) => heard.body.includes("rule-a") ? { status: 400 } : reply(heard);
  await place.judged([part("a"), part("b", { rule: "rule-b" }), part("c", { rule: "rule-c" })]);
  await place.tell(receiver);
  expect(firing()).toEqual(["b high", "c high"]);
  expect(place.failed).toHaveLength(1);
  listener.reply = reply;
  await place.tell(receiver, 1);
  expect(firing()).toEqual(["b high", "c high", "a high"]);
});

it("sends a thousand findings in few requests", async () => {
  const parts = Array.from({ length: 1000 }, (_, i) => part(String(i).padStart(8, "f")));
  await place.judged(parts);
  await place.tell(receiver);
  expect(endsAt.size).toBe(1000);
  expect(listener.heard.length).toBeLessThanOrEqual(20);
});
