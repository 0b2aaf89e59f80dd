import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Receiver } from "../../src/notifications/create-receiver.ts";
import { part } from "../storage/made.ts";
import { ann, DeskPlace } from "./desk-place.ts";
import { channel, slackToken, SlackServer } from "./slack-server.ts";

let slack: SlackServer;
let place: DeskPlace;
let url: string;
let receiver: Receiver;

const config = (changes: object = {}) =>
  ({ kind: "slack", token: slackToken, channel, url: `${url}/api`, ...changes });

beforeEach(async () => {
  slack = new SlackServer();
  url = await slack.listener.listen();
  place = await DeskPlace.open();
  receiver = place.receiver(config());
});
afterEach(async () => {
  await slack.listener.close();
  await place.store.close();
});

describe("Slack", () => {
  it("gets one message a finding, kept up to date, and a thread of what became of it", async () => {
    await place.judged([part("a", { because: "It did." })]);
    await place.tell(receiver);
    await place.judged([part("a", { because: "It did.", level: "critical", eventCount: 7 })]);
    await place.tell(receiver);
    await place.tell(receiver, 24 * 60);
    await place.store.acknowledge("a000000000000000", "Ann looks.", ann);
    await place.tell(receiver);
    const closing = { verdict: "benign" as const, note: "A drill." };
    await place.store.closeFinding("a000000000000000", closing, ann);
    await place.tell(receiver);
    expect(slack.roots.map(({ text, updates }) => [text, updates])).toEqual([
      ["[CRITICAL] It did.", 4],
    ]);
    expect(slack.thread("It did.")).toEqual([
      "Grown worse: it is critical now.", "Still open, 7 events by now.",
      "Acknowledged: Ann looks.", "Closed as benign: A drill.",
    ]);
    const broadcasts = [...slack.messages.values()].map((one) => one.reply_broadcast);
    expect(broadcasts).toEqual([undefined, true, false, false, false]);
    expect(place.notified).toEqual(["opened", "worse", "again", "acknowledged", "over"]);
    await place.tell(receiver, 24 * 60);
    expect(slack.messages.size).toBe(5);
  });

  it("shows what a person needs", async () => {
    await place.judged([part("a", {
      agent: { name: "aider", basis: "role-arn" }, credential: { accessKeyId: "ASIAEXAMPLE" },
    })]);
    await place.tell(receiver);
    expect(slack.roots[0]?.blocks).toMatchObject([
      { type: "header", text: { text: "[HIGH] Rule A" } },
      { type: "section", text: { text: "It did." }, fields: [
        { text: "Agent: aider" }, { text: "Credential: ASIAEXAMPLE" },
        { text: "Account: 111122223333" }, { text: "About: session session-a" },
        { text: "Events: 1, the last at 2026-03-01T10:00:00.000Z" },
      ] },
      { elements: [{ text: "rule-a · open · trailwarden findings show a000000000000000" }] },
    ]);
  });

  it("is told anew of what has lost its message, and not that such a one ended", async () => {
    await place.judged([part("a"), part("b", { rule: "rule-b" })]);
    await place.tell(receiver);
    slack.messages.clear();
    await place.judged([part("a", { level: "critical" }), part("b")]);
    await place.store.closeFinding("b000000000000000", { verdict: "benign", note: "" }, ann);
    await place.tell(receiver);
    expect(slack.roots.map(({ text }) => text)).toEqual(["[CRITICAL] It did."]);
  });

  it("shows text of strangers as text, within every limit", async () => {
    const hostile = "<!channel> <https://evil.example|bank> *b* & \u202e\n\u0000";
    await place.judged([part("a", {
      title: hostile.repeat(20), because: hostile.repeat(300),
      session: { id: "s", arn: null, name: hostile.repeat(100) },
      entity: { type: "session", id: `${"😀".repeat(2000)}x` },
    })]);
    await place.tell(receiver);
    expect(place.failed).toEqual([]);
    const [message] = slack.roots;
    const { text, blocks } = message ?? { text: "", blocks: [] };
    expect(`${text}${JSON.stringify(blocks)}`).not.toMatch(/[<>&\p{Cc}\p{Cf}]|\\n/u);
    expect(text).toContain("‹!channel›");
  });
});

describe("what Slack refuses", () => {
  const answer = (error: string) => ({ status: 200, body: JSON.stringify({ ok: false, error }) });

  it("for itself is tried again later, and holds up nothing else", async () => {
    slack.fault = ({ body }) => body.includes("rule-a") ? answer("invalid_blocks") : null;
    await place.judged([part("a"), part("b", { rule: "rule-b" })]);
    await place.tell(receiver);
    expect(slack.roots).toHaveLength(1);
    expect(place.failed).toEqual(["SinkFault: Slack says: invalid_blocks."]);
    slack.fault = () => null;
    await place.tell(receiver);
    expect(slack.roots).toHaveLength(1);
    await place.tell(receiver, 1);
    expect(slack.roots).toHaveLength(2);
  });

  it.each<[string, ReturnType<typeof answer>, string]>([
    ["a token", answer("invalid_auth"), "denied"],
    ["a channel", answer("channel_not_found"), "denied"],
    ["one more now", { ...answer("ratelimited"), status: 429 }, "throttled"],
    ["anything, being broken", answer("internal_error"), "failed"],
    ["to make sense", { status: 200, body: "<html>" }, "garbage"],
    ["to say which message", { status: 200, body: '{"ok":true}' }, "garbage"],
    ["an error that is none", answer("\u001b[31m <script>"), "denied"],
  ])("%s: nothing is lost, nothing told twice", async (_what, reply, code) => {
    slack.fault = () => reply;
    await place.judged([part("a"), part("b")]);
    await expect(place.tell(receiver)).rejects.toMatchObject({ code });
    expect(slack.listener.heard).toHaveLength(1);
    slack.fault = () => null;
    await place.tell(receiver);
    await place.tell(receiver);
    expect(slack.roots).toHaveLength(2);
  });
});
