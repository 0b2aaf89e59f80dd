import { z } from "zod";
import { Listener, type Heard, type Reply } from "./listener.ts";

export const slackToken = "xoxb-of-the-test";
export const channel = "C0123456789";

const plainText = (max: number) => z.strictObject({
  type: z.literal("plain_text"), emoji: z.boolean().optional(), text: z.string().min(1).max(max),
});
/** https://docs.slack.dev/reference/block-kit/blocks */
const Block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), text: plainText(150) }),
  z.strictObject({
    type: z.literal("section"), text: plainText(3000),
    fields: z.array(plainText(2000)).min(1).max(10).optional(),
  }),
  z.strictObject({ type: z.literal("context"), elements: z.array(plainText(3000)).min(1).max(10) }),
]);
const Message = z.strictObject({
  channel: z.literal(channel),
  text: z.string().min(1).max(4000),
  blocks: z.array(Block).min(1).max(50),
  mrkdwn: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  thread_ts: z.string().optional(),
  reply_broadcast: z.boolean().optional(),
});
const Update = Message.extend({ ts: z.string() });
export type Posted = z.infer<typeof Message> & { readonly updates: number };

/** What is wrong with a message by Slack's limits; null when nothing is. */
export function slackMessageProblems(message: object): string | null {
  const { error } = Message.safeParse({ channel, ...message });
  return error === undefined ? null : z.prettifyError(error);
}

/** Ours: `chat.postMessage` and `chat.update` as their pages have them, and strict. */
export class SlackServer {
  readonly listener = new Listener((heard) => this.#reply(heard));
  /** By their `ts`. */
  readonly messages = new Map<string, Posted>();
  /** What to answer instead; null: what is right. */
  fault: (heard: Heard) => Reply | null = () => null;

  get roots(): readonly Posted[] {
    return [...this.messages.values()].filter(({ thread_ts }) => thread_ts === undefined);
  }

  /** What is said under the message that shows this. */
  thread(text: string): readonly string[] {
    const [ts] = [...this.messages].find(([, { text: shown }]) => shown.includes(text)) ?? [];
    return [...this.messages.values()].filter(({ thread_ts }) => thread_ts === ts)
      .map((posted) => posted.text);
  }

  #reply(heard: Heard): Reply {
    const fault = this.fault(heard);
    if (fault !== null) return fault;
    if (heard.headers.authorization !== `Bearer ${slackToken}`) return error("invalid_auth");
    const json = JSON.parse(heard.body) as unknown;
    if (heard.path === "/api/chat.postMessage") return this.#post(json);
    return heard.path === "/api/chat.update" ? this.#update(json) : { status: 404 };
  }

  #post(json: unknown): Reply {
    const { data, error: why } = Message.safeParse(json);
    if (data === undefined) return error("invalid_blocks", z.prettifyError(why));
    const ts = `1772359200.${String(this.messages.size + 1).padStart(6, "0")}`;
    this.messages.set(ts, { ...data, updates: 0 });
    return good(ts);
  }

  #update(json: unknown): Reply {
    const { data, error: why } = Update.safeParse(json);
    if (data === undefined) return error("invalid_blocks", z.prettifyError(why));
    const { ts, ...message } = data;
    const known = this.messages.get(ts);
    if (known === undefined) return error("message_not_found");
    this.messages.set(ts, { ...message, updates: known.updates + 1 });
    return good(ts);
  }
}

function good(ts: string): Reply {
  return { status: 200, body: JSON.stringify({ ok: true, channel, ts, message: {} }) };
}

function error(code: string, detail = ""): Reply {
  return { status: 200, body: JSON.stringify({ ok: false, error: code, detail }) };
}
