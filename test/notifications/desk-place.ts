import { Config, type SinkConfig } from "../../src/config/schema.ts";
import type { FindingPart } from "../../src/findings/finding.ts";
import type { Telling } from "../../src/notices/notice.ts";
import { createReceiver, type Receiver } from "../../src/notifications/create-receiver.ts";
import { tellSome, type TellingOptions } from "../../src/service/telling.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { noon } from "../storage/made.ts";

export const ann = { actor: "token:ann", at: noon };

/** A store, a clock that stands still until it is put forward, and a receiver on it. */
export class DeskPlace {
  readonly store: Store;
  now = noon;
  readonly notified: (Telling | "digest")[] = [];
  readonly failed: string[] = [];
  readonly options: TellingOptions;

  private constructor(store: Store) {
    this.store = store;
    this.options = {
      store,
      now: () => this.now,
      watcher: {
        outboxTold: () => undefined,
        notified: (_name, what) => { this.notified.push(what); },
        outboxFailed: (_name, error) => { this.failed.push(String(error)); },
        outboxWorks: () => undefined,
      },
    };
  }

  static async open(path = ":memory:"): Promise<DeskPlace> {
    return new DeskPlace(await openSqliteStore({ path }));
  }

  receiver(config: object): Receiver {
    const sinks = [{ name: "pager", ...config }];
    const [sink] = Config.parse({ sinks }).sinks as [SinkConfig];
    return createReceiver(sink, { aws: { region: "eu-west-1" }, now: () => this.now });
  }

  /** All that a group's judgement gives. */
  async judged(parts: readonly FindingPart[]): Promise<void> {
    await this.store.judged([{ groupKey: "g", sessions: [], parts, hits: [] }]);
  }

  /** Until there is nothing to do right now, so many minutes later. */
  async tell(receiver: Receiver, minutesLater = 0): Promise<void> {
    this.now += minutesLater * 60_000;
    while (await tellSome(receiver, this.options, new AbortController().signal));
  }
}
