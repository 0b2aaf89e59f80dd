import { z } from "zod";
import type { SinkOf } from "../config/schema.ts";
import { digestMessage, findingMessage, threadMessage } from "../notices/slack-message.ts";
import type { SlackMessage } from "../notices/slack-message.ts";
import type { Desk, Message } from "./desk.ts";
import { SinkFault } from "./fault.ts";
import { jsonOrNull, post } from "./post.ts";

/** Where a message stands: its channel's id and its time, which is its id there. */
const Place = z.object({ channel: z.string(), ts: z.string() });
type Place = z.infer<typeof Place>;

const Answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), ...Place.shape }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** A message of ours that is not there any more, or may not be changed any more. */
const gone = new Set(["message_not_found", "cant_update_message", "edit_window_closed"]);
/** What is about this message, not about token or channel. */
const refusals = new Set([
  "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text",
  "invalid_arguments", "invalid_array_arg", "metadata_too_large",
]);

/**
 * A message and a thread a finding: the message shows it as it is by now, the thread what became of
 * it.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 * https://docs.slack.dev/reference/methods/chat.update
 */
export function slackDesk(config: SinkOf<"slack">): Desk {
  const send = (method: string, fields: object) => call(config, method, fields);
  const say = async (message: SlackMessage, fields: object = {}) =>
    await send("chat.postMessage", {
      channel: config.channel, mrkdwn: false, unfurl_links: false, unfurl_media: false,
      ...message, ...fields,
    });
  const tellOne = async (message: Message): Promise<string | null> => {
    const { what, finding } = message;
    const place = placeIn(message);
    const shown = findingMessage(finding);
    const isThere = place !== null && await send("chat.update", { ...place, ...shown }) !== null;
    if (!isThere) return ending.has(what) ? null : JSON.stringify(sure(await say(shown)));
    if (what === "changed") return message.memory;
    const aloud = { thread_ts: place.ts, reply_broadcast: what === "worse" };
    await say(threadMessage(what, finding), aloud);
    return message.memory;
  };
  return {
    name: config.name,
    atOnce: 1,
    isGrouping: false,
    tell: async (messages) => {
      const memories: (string | null)[] = [];
      for (const message of messages) memories.push(await tellOne(message));
      return memories;
    },
    tellDigest: async (digest) => { sure(await say(digestMessage(digest))); },
  };
}

/** Of what has no message any more, nobody needs to hear this. */
const ending: ReadonlySet<Message["what"]> = new Set(["over", "acknowledged", "changed"]);

/** Null for a message that is gone. */
async function call(
  { url, token, timeoutSeconds }: SinkOf<"slack">,
  method: string,
  fields: object,
): Promise<Place | null> {
  const text = await post({
    url: `${url.replace(/\/+$/, "")}/${method}`,
    headers: {
      authorization: `Bearer ${token}`, "content-type": "application/json; charset=utf-8",
    },
    body: JSON.stringify(fields),
    timeoutSeconds,
  });
  const { data } = Answer.safeParse(jsonOrNull(text));
  if (data === undefined) throw new SinkFault("garbage", "Slack's answer is none of its API.");
  if (data.ok) return { channel: data.channel, ts: data.ts };
  if (gone.has(data.error)) return null;
  const error = /^\w{1,60}$/.test(data.error) ? data.error : "an error of no known form";
  throw new SinkFault(refusals.has(error) ? "refused" : codeOf(error), `Slack says: ${error}.`);
}

function codeOf(error: string): "throttled" | "failed" | "denied" {
  if (error === "ratelimited" || error === "rate_limited") return "throttled";
  return /^(?:internal_error|fatal_error|service_unavailable|request_timeout)$/.test(error)
    ? "failed"
    : "denied";
}

function placeIn({ memory }: Message): Place | null {
  return memory === null ? null : Place.parse(JSON.parse(memory));
}

function sure(place: Place | null): Place {
  if (place !== null) return place;
  throw new SinkFault("garbage", "Slack says of a new message that it is gone.");
}
