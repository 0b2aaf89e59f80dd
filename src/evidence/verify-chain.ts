import type { DeliveryRange } from "./archive.ts";
import { ChainWalk } from "./chain-walk.ts";
import type { Digest, ListedLog } from "./digest.ts";
import { digestFile, type NamedDigest } from "./digest-file.ts";
import { fromAwsLogs } from "./digest-name.ts";
import type { Flaw } from "./flaw.ts";
import { logFlaw } from "./log-check.ts";
import { ahead } from "./slots.ts";
import { deliveryDelayMs, type Verification } from "./verification.ts";

export interface ChainResult {
  readonly trail: string;
  readonly isBackfill: boolean;
  readonly digestCount: number;
  readonly provenDigestCount: number;
  /** Listed in proven digests. */
  readonly logCount: number;
  readonly provenLogCount: number;
  readonly flaws: readonly Flaw[];
  /** Keys of all log files that proven digests list, from `AWSLogs/` on. */
  readonly listed: ReadonlySet<string>;
  /** Those that are not there, and what they were. */
  readonly missing: readonly ListedLog[];
  /** Delivery times of which every log file is listed. */
  readonly proven: readonly DeliveryRange[];
}

/** Enough to hide the answering time of S3. */
const digestsAhead = 8;

/** The digests of a chain that can prove what was delivered in the range, the newest first. */
export interface Chain {
  readonly digests: readonly [NamedDigest, ...NamedDigest[]];
  /** The one after them, which holds the newest one's signature; null where there is none. */
  readonly witness: NamedDigest | null;
}

/** Verifies one chain, and every log file that it lists. */
export async function verifyChain(
  { digests, witness }: Chain,
  verification: Verification,
): Promise<ChainResult> {
  const { from, to, now, onDigest } = verification;
  const { trail, isBackfill } = digests[0].name;
  const dueUntil = Math.min(to, now - deliveryDelayMs);
  const walk = new ChainWalk({ from, to, dueUntil, isBackfill });
  const tally = new ChainTally();
  const all = witness === null ? digests : [witness, ...digests];
  for await (const file of ahead(all, digestsAhead, (one) => digestFile(one, verification))) {
    if (file.key === witness?.key) {
      walk.witness(file);
      continue;
    }
    const { proven, flaws } = walk.next(file);
    const logs = proven?.logs ?? [];
    const found = await Promise.all(logs.map((log) => logFlaw(log, verification)));
    tally.digestCount += 1;
    tally.flaws.push(...flaws);
    if (proven !== null) tally.add(proven, found.filter((flaw) => flaw !== null));
    onDigest({ endAt: file.endAt, logCount: logs.length });
  }
  tally.flaws.push(...walk.end());
  return { trail, isBackfill, ...tally.result() };
}

class ChainTally {
  digestCount = 0;
  readonly flaws: Flaw[] = [];
  readonly #listed = new Set<string>();
  readonly #missing: ListedLog[] = [];
  readonly #proven: DeliveryRange[] = [];
  #logCount = 0;
  #provenLogCount = 0;

  add({ startAt, endAt, logs }: Digest, logFlaws: readonly Flaw[]): void {
    this.flaws.push(...logFlaws);
    const gone = new Set(
      logFlaws.filter(({ kind }) => kind === "log-missing").map(({ key }) => key),
    );
    for (const { key } of logs) this.#listed.add(fromAwsLogs(key));
    this.#missing.push(...logs.filter(({ key }) => gone.has(key)));
    this.#proven.push({ from: startAt, to: endAt });
    this.#logCount += logs.length;
    this.#provenLogCount += logs.length - logFlaws.length;
  }

  result() {
    const { digestCount, flaws } = this;
    return {
      digestCount, provenDigestCount: this.#proven.length, flaws,
      logCount: this.#logCount, provenLogCount: this.#provenLogCount,
      listed: this.#listed, missing: this.#missing, proven: this.#proven,
    };
  }
}
