import { createHmac } from "node:crypto";
import type { SinkOf } from "../config/schema.ts";
import { post } from "./post.ts";
import type { Sink, Word } from "./sink.ts";
import { wordJson } from "./word-line.ts";

/**
 * Posts each word to an address, signed as Standard Webhooks says. Told again, it has the same
 * `webhook-id`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param now the clock, ms UTC
 */
export function webhookSink(config: SinkOf<"webhook">, now: () => number): Sink {
  const { name, url, secrets, headers, timeoutSeconds } = config;
  return {
    name,
    atOnce: 1,
    tell: async (words) => {
      for (const word of words) {
        const body = JSON.stringify(payloadOf(word));
        const id = `${word.finding.id}-${word.seq}`;
        const own = signed({ id, body, at: Math.floor(now() / 1000) }, secrets);
        await post({ url, headers: { ...headers, ...own }, body, timeoutSeconds });
      }
    },
  };
}

/** `finding.open`, `finding.closed` and the like, when it last happened, and the finding. */
function payloadOf(word: Word): object {
  const { status, lastEventAt } = word.finding;
  return {
    type: `finding.${status}`,
    timestamp: new Date(lastEventAt).toISOString(),
    data: wordJson(word),
  };
}

interface Signed {
  readonly id: string;
  readonly body: string;
  /** Seconds. */
  readonly at: number;
}

function signed({ id, body, at }: Signed, secrets: readonly string[]): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": signatures.join(" "),
  };
}
