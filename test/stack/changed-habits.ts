import { stringify } from "yaml";
import { pastRecords } from "../../src/detections/case-past.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { later } from "../../src/simulation/later.ts";
import { instantAt, record, roleIdentity } from "../builders/record.ts";
import { Workplace } from "../commands/program.ts";
import { heard, scrapedWatch, store, type ScrapedWatch } from "./scraped-watch.ts";

const dayMs = 86_400_000;
const dayOf = (at: number) => Math.floor(at / dayMs);
/** The day of `instantAt(0)`. */
const builtDay = dayOf(Date.parse(instantAt(0)));
const role = { role: "nightly", roleId: "AROANIGHTLY000000001" };
const broad = { role: "explorer", roleId: "AROAEXPLORER00000001" };

/**
 * A `watch` that knows four weeks of an agent's two roles: one did the same each night, the other
 * on one day more different things than are kept of a day.
 */
export class ChangedHabits {
  readonly #place: Workplace;
  readonly #watch: ScrapedWatch;
  /** ms UTC, an hour ago: all on one day, so that none is another's past. */
  readonly #at: number;

  private constructor(place: Workplace, watch: ScrapedWatch, at: number) {
    this.#place = place;
    this.#watch = watch;
    this.#at = at;
  }

  static async open(): Promise<ChangedHabits> {
    const place = new Workplace();
    const at = Date.now() - 3_600_000;
    place.write("trailwarden.yaml", stringify({
      agents: [{ name: "aider", roles: ["arn:aws:iam::*:role/agents/*"] }],
      ...heard(place),
    }));
    place.trail("past.json", later([...nights(), ...broadDay()], (dayOf(at) - builtDay) * dayMs));
    const scan = await place.run(["scan", "past.json", "-q", ...store]);
    if (scan.code !== 0 && scan.code !== 1) throw new Error(scan.stderr);
    return new ChangedHabits(place, await scrapedWatch(place, "habits"), at);
  }

  get scrape() {
    return this.#watch.scrape;
  }

  /** Thirty sessions of another kind. */
  change(): void {
    const shift = this.#at - Date.parse(instantAt(0));
    const records = Array.from({ length: 30 }, (_, n) => otherSession(n)).flat();
    this.#place.trail("inbox/changed.json", later(records, shift));
  }

  /** It is meant to be so: both learn anew. */
  async accept(): Promise<void> {
    const from = new Date(this.#at).toISOString().slice(0, 10);
    for (const each of [role.role, broad.role]) {
      const told = await this.#place.run([
        "baselines", "reset", each, "--from", from, "--reason", "Other work.", ...store,
      ]);
      if (told.code !== 0) throw new Error(told.stderr);
    }
  }

  async close(): Promise<void> {
    await this.#watch.process.end("SIGTERM");
    this.#place.remove();
  }
}

/** Three sessions each, all alike. */
function nights(): readonly RawRecord[] {
  const userIdentity = roleIdentity(role);
  return pastRecords({ days: 28, perDay: 3 }, [
    record({ userIdentity }),
    record({ userIdentity, eventTime: instantAt(70), eventName: "DescribeVolumes" }),
  ]);
}

/** The day before: sessions that share nothing. */
function broadDay(): readonly RawRecord[] {
  return Array.from({ length: 130 }, (_, n) => record({
    userIdentity: roleIdentity({
      ...broad, session: `look-${n % 10}`, accessKeyId: `ASIALOOKKEY00000000${n % 10}`,
      createdAt: instantAt(-dayMs / 1000),
    }),
    eventTime: instantAt(-dayMs / 1000 + n),
    eventName: `DescribeThing${n}`,
  }));
}

function otherSession(n: number): readonly RawRecord[] {
  const accessKeyId = `ASIACHANGEDKEY${String(n).padStart(6, "0")}`;
  const userIdentity = roleIdentity({ ...role, session: `changed-${n}`, accessKeyId });
  return ["ListBuckets", "GetBucketPolicy", "PutObject"].map((eventName, i) => record({
    userIdentity, eventName, eventTime: instantAt(i), eventSource: "s3.amazonaws.com",
    awsRegion: "ap-east-1", readOnly: i < 2,
  }));
}
