import type { OutboxMessage } from "../findings/outbox.ts";
import { isFor, type Only } from "../notices/routing.ts";
import type { Sink, Word } from "../notifications/sink.ts";
import type { TellingOptions } from "./telling.ts";

const messagesAtOnce = 100;

/** Words as they come, as many at once as the sink takes. Whether there may be more right now. */
export async function tellWords(
  { sink, only }: { readonly sink: Sink; readonly only: Only },
  { store, watcher, now }: TellingOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const limit = Math.max(messagesAtOnce, sink.atOnce);
  const messages = await store.outbox(sink.name, limit);
  for (let from = 0; from < messages.length && !signal.aborted; from += sink.atOnce) {
    const some = messages.slice(from, from + sink.atOnce);
    const words: Word[] = [];
    for (const message of some) words.push(...(await wordOf(store, message, now())));
    const wanted = words.filter(({ finding }) => isFor(finding, only));
    if (wanted.length > 0) await sink.tell(wanted);
    await store.told(sink.name, some.at(-1)?.seq ?? 0);
    watcher.outboxTold(sink.name, wanted.length);
  }
  return messages.length === limit;
}

/** The finding as it is by now; nothing where it is suppressed, or forgotten. */
async function wordOf(
  store: TellingOptions["store"],
  { seq, subject, version }: OutboxMessage,
  now: number,
): Promise<readonly Word[]> {
  const found = await store.finding(subject.slice(0, 16), now);
  return found
    .filter(({ fingerprint, status }) => fingerprint === subject && status !== "suppressed")
    .map((finding) => ({ seq, version, finding }));
}
