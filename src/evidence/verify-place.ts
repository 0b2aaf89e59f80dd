import { readInstant } from "../events/instant.ts";
import { trailKey } from "../records/trail-key.ts";
import type { DeliveryRange, EvidencePlace } from "./archive.ts";
import type { NamedDigest } from "./digest-file.ts";
import { chainOf, digestName, fromAwsLogs } from "./digest-name.ts";
import { rangeText, type Flaw } from "./flaw.ts";
import { sha256Of } from "./log-check.ts";
import type { Verification } from "./verification.ts";
import { verifyChain, type Chain, type ChainResult } from "./verify-chain.ts";

/** What came of one account and region. */
export interface PlaceResult {
  readonly account: string;
  readonly region: string;
  readonly chains: readonly ChainResult[];
  /** About the place, or about files that are in no chain. */
  readonly flaws: readonly Flaw[];
}

/**
 * Verifies every chain of digests of an account and region, the log files they list, and that there
 * are no others.
 *
 * @param trail only this one's; null for all
 */
export async function verifyPlace(
  place: EvidencePlace,
  trail: string | null,
  verification: Verification,
): Promise<PlaceResult> {
  const { account, region } = place;
  const chains: ChainResult[] = [];
  for (const chain of await chainsOf(place, trail, verification)) {
    chains.push(await verifyChain(chain, verification));
  }
  const logKeys = await logKeysOf(place, verification);
  if (chains.every(({ isBackfill }) => isBackfill)) {
    return { account, region, chains, flaws: [noDigests(logKeys.length, verification)] };
  }
  // Another trail's log files lie in the same folder.
  if (trail !== null) return { account, region, chains, flaws: [] };
  return { account, region, ...await heldAgainst(logKeys, chains, verification) };
}

async function chainsOf(
  { digestFolder }: EvidencePlace,
  trail: string | null,
  { archive, from, to }: Verification,
): Promise<readonly Chain[]> {
  if (digestFolder === null) return [];
  const byChain = new Map<string, NamedDigest[]>();
  const range = { from, to: to + witnessMs };
  for await (const key of archive.keys(digestFolder, range)) {
    const name = digestName(key);
    if (name === null || name.endAt <= from || (trail !== null && name.trail !== trail)) continue;
    const chain = byChain.get(chainOf(name));
    if (chain === undefined) byChain.set(chainOf(name), [{ key, name }]);
    else chain.push({ key, name });
  }
  return [...byChain.values()].flatMap((digests) => chainUntil(to, digests) ?? []);
}

const hourMs = 3600 * 1000;
/** Where the digest that lists the end of the range, and its witness, are looked for. */
const witnessMs = 24 * hourMs;

/** Up to the one that lists the end of the range. */
function chainUntil(to: number, digests: readonly NamedDigest[]): Chain | null {
  const sorted = [...digests].sort((a, b) => a.name.endAt - b.name.endAt);
  const end = sorted.findIndex(({ name }) => name.endAt >= to) + 1;
  const [newest, ...older] = (end === 0 ? sorted : sorted.slice(0, end)).reverse();
  if (newest === undefined) return null;
  return { digests: [newest, ...older], witness: end === 0 ? null : (sorted[end] ?? null) };
}

async function logKeysOf(
  { logFolder }: EvidencePlace,
  { archive, from, to }: Verification,
): Promise<readonly string[]> {
  if (logFolder === null) return [];
  const keys: string[] = [];
  for await (const key of archive.keys(logFolder, { from, to })) {
    const at = deliveredAt(key);
    if (at !== null && at >= from && at <= to) keys.push(key);
  }
  return keys;
}

/** By the minute in its name; null for what is not called like a log file. */
function deliveredAt(key: string): number | null {
  if (trailKey(key)?.kind !== "log") return null;
  const [, date = "", time = ""] = /_(\d{8})T(\d{4})Z_\w+\.json\.gz$/.exec(key) ?? [];
  return readInstant(`${date}T${time}00Z`);
}

/** CloudTrail delivers digests of quiet hours too. */
function noDigests(logCount: number, { from, to }: DeliveryRange): Flaw {
  const place = { key: null, fromAt: from, toAt: to };
  const range = rangeText({ from, to });
  if (logCount === 0) {
    return { ...place, kind: "silent", detail: `Nothing was delivered ${range}, not one digest.` };
  }
  const detail = `Of what was delivered ${range}, ${logCount} log files, no digest proves any: ` +
    "log file validation is off, or the digests were removed.";
  return { ...place, kind: "no-digests", detail };
}

interface Held {
  readonly chains: readonly ChainResult[];
  readonly flaws: readonly Flaw[];
}

/** Finds log files that no digest lists, and among them those that were moved. */
async function heldAgainst(
  logKeys: readonly string[],
  chains: readonly ChainResult[],
  verification: Verification,
): Promise<Held> {
  const unlisted = logKeys.filter((key) =>
    !chains.some(({ listed }) => listed.has(fromAwsLogs(key))));
  const missing = chains.flatMap((chain) => chain.missing);
  const movedFrom = new Map<string, string>();
  const flaws: Flaw[] = [];
  for (const key of unlisted) {
    const sha256 = missing.length === 0 ? null : await sha256Of(key, verification);
    const from = missing.find((log) => log.sha256 === sha256 && !movedFrom.has(log.key));
    if (from === undefined) flaws.push(...unlistedFlaw(key, chains));
    else movedFrom.set(from.key, key);
  }
  return { chains: chains.map((chain) => withMoved(chain, movedFrom)), flaws };
}

function withMoved(chain: ChainResult, movedFrom: ReadonlyMap<string, string>): ChainResult {
  const flaws = chain.flaws.map((flaw) => {
    const now = flaw.kind === "log-missing" && flaw.key !== null ? movedFrom.get(flaw.key) : null;
    if (now === null || now === undefined) return flaw;
    return { ...flaw, kind: "log-moved" as const, detail: `It lies, unchanged, at ${now}.` };
  });
  return { ...chain, flaws };
}

/**
 * A log file is delivered minutes after what its name says: it is held against digests only where
 * the digests of that and the next hour are proven.
 */
function unlistedFlaw(key: string, chains: readonly ChainResult[]): readonly Flaw[] {
  const at = deliveredAt(key) ?? 0;
  const isProven = (moment: number) => chains.some(({ proven, isBackfill }) =>
    !isBackfill && proven.some(({ from, to }) => moment >= from && moment <= to));
  if (!isProven(at) || !isProven(at + hourMs)) return [];
  return [{
    kind: "log-unlisted", key, fromAt: at, toAt: at,
    detail: "No digest of its hour lists it: somebody else than CloudTrail put it there, or a " +
      "trail whose log files are not validated.",
  }];
}
