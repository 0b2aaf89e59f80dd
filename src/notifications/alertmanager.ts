import type { SinkOf } from "../config/schema.ts";
import { alertOf, labelsOf, type Alert, type Labels } from "../notices/alert.ts";
import type { Desk, Message } from "./desk.ts";
import { post } from "./post.ts";

/** A finding stays firing for so many times the pause between two words on it. */
const pausesMissed = 4;

/**
 * Keeps Alertmanager's alerts as findings are, by its API v2. Remembers the labels: with others, an
 * alert would go on beside the new one until it is over by itself.
 *
 * @param now the clock, ms UTC
 */
export function alertmanagerDesk(config: SinkOf<"alertmanager">, now: () => number): Desk {
  const { name, url, headers, timeoutSeconds, labels: own, resendSeconds } = config;
  return {
    name,
    atOnce: 64,
    isGrouping: true,
    tell: async (messages) => {
      const at = now();
      const until = at + resendSeconds * pausesMissed * 1000;
      const labels = messages.map(({ finding }) => labelsOf(finding, own));
      const alerts = messages.flatMap((message, i) => {
        const current = alertOf(message.finding, labels[i] ?? {}, endOf(message, { at, until }));
        return [...staleAlerts(message, current, at), current];
      });
      const body = JSON.stringify(alerts);
      await post({ url: addressOf(url), headers, body, timeoutSeconds });
      return labels.map((each) => JSON.stringify(each));
    },
    tellDigest: () => Promise.reject(new Error("Alertmanager is told of each finding.")),
  };
}

function endOf(
  { what }: Message, { at, until }: { readonly at: number; readonly until: number },
): number {
  return what === "over" ? at : until;
}

/** What was told under other labels is over. */
function staleAlerts({ memory, finding }: Message, current: Alert, at: number): readonly Alert[] {
  if (memory === null || memory === JSON.stringify(current.labels)) return [];
  return [alertOf(finding, JSON.parse(memory) as Labels, at)];
}

function addressOf(url: string): string {
  return `${url.replace(/\/+$/, "")}/api/v2/alerts`;
}
