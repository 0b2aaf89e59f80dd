import { Config, type LookupEventsSourceConfig } from "../../src/config/schema.ts";
import { LookupEvents } from "../../src/sources/lookup-events.ts";
import type { Handover } from "../../src/sources/source.ts";
import { AwsServer } from "../aws/aws-server.ts";
import { CloudTrailService } from "../aws/cloudtrail-service.ts";
import { StsService } from "../aws/sts-service.ts";
import { record } from "../builders/record.ts";
import { idsIn, Notes, TurnedClock } from "./watching.ts";

export const startedAt = Date.UTC(2026, 2, 1, 12);
export const own = "111122223333";
export const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");

/** What becomes of a page; `stop` commits it, and is the last. */
export type Take = (
  handover: Handover, ids: readonly unknown[],
) => "commit" | "crash" | "later" | "stop";

/** An event history, and a source that reads it under a clock of its own. */
export class Looking {
  readonly clock = new TurnedClock(startedAt);
  readonly sts = new StsService();
  readonly trail = new CloudTrailService(
    () => this.clock.now(), (key) => this.sts.accounts.get(key) ?? own,
  );
  readonly cursors = new Map<string, string>();
  readonly notes = new Notes();
  readonly #server = new AwsServer({ sts: this.sts.answer, cloudtrail: this.trail.answer });

  async open(): Promise<void> {
    await this.#server.listen();
    process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
    process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** An event so long before the start. */
  happened(eventID: string, agoMs: number, options: {
    account?: string; region?: string; lateMs?: number;
  } = {}): void {
    const { account = own, region = "eu-west-1", lateMs = 0 } = options;
    const eventTime = iso(startedAt - agoMs);
    this.trail.add(account, record({ eventID, eventTime, awsRegion: region }), lateMs);
  }

  /** Consumes as the service does: what is committed keeps its cursor. All ids, as taken. */
  async looked(take: Take, settings: Partial<LookupEventsSourceConfig> = {}): Promise<string[]> {
    const { aws } = Config.parse({ aws: { endpoint: this.#server.endpoint, region: "eu-west-1" } });
    const { clock, cursors, notes } = this;
    const source = new LookupEvents({
      kind: "lookup-events", name: "audit", accounts: [{ id: own }], regions: ["eu-west-1"],
      everySeconds: 60, overlapSeconds: 900, startHoursAgo: 1, ...settings,
    }, {
      aws, clock, watcher: notes,
      store: { cursor: (name) => Promise.resolve(cursors.get(name) ?? null) },
    });
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const handover of source.handovers(stop.signal)) {
      const ids = (await idsIn(handover)).map(String);
      const what = take(handover, ids);
      if (what === "crash") break;
      if (what === "later") {
        await handover.giveBack("later");
        continue;
      }
      seen.push(...ids);
      const { cursor } = handover;
      if (cursor !== undefined && cursor.data !== null) cursors.set(cursor.name, cursor.data);
      if (what === "stop") stop.abort();
      await handover.acknowledge();
    }
    return seen;
  }
}

/** Stops after so many handovers. */
export const first = (count: number): Take => {
  let taken = 0;
  return () => (++taken >= count ? "stop" : "commit");
};
