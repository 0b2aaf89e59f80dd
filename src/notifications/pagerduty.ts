import { z } from "zod";
import type { SinkOf } from "../config/schema.ts";
import { pagerDutyDigest, pagerDutyEvent } from "../notices/pagerduty-event.ts";
import type { Desk } from "./desk.ts";
import { SinkFault } from "./fault.ts";
import { jsonOrNull, post } from "./post.ts";

const Answer = z.object({ status: z.literal("success") });

/** One incident a finding, by Events API v2: `dedup_key` is the fingerprint. */
export function pagerDutyDesk(config: SinkOf<"pagerduty">): Desk {
  const { name, url, routingKey, timeoutSeconds } = config;
  const send = async (event: object) => {
    const body = JSON.stringify({ routing_key: routingKey, ...event });
    understood(await post({ url, headers: {}, body, timeoutSeconds }));
  };
  return {
    name,
    atOnce: 1,
    isGrouping: false,
    tell: async (messages) => {
      for (const { what, finding } of messages) await send(pagerDutyEvent(what, finding));
      return messages.map(() => null);
    },
    tellDigest: (digest) => send(pagerDutyDigest(name, digest)),
  };
}

function understood(text: string): void {
  if (Answer.safeParse(jsonOrNull(text)).success) return;
  throw new SinkFault("garbage", "PagerDuty's answer is none of its API.");
}
