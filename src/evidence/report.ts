import type { DeliveryRange } from "./archive.ts";
import { flawWeights, type Flaw, type FlawWeight } from "./flaw.ts";
import type { PlaceResult } from "./verify-place.ts";

/** A flaw, and where. */
export interface PlacedFlaw extends Flaw {
  readonly weight: FlawWeight;
  readonly account: string;
  /** Null: in all of them. */
  readonly region: string | null;
  /** Null where it is about no chain of one trail's. */
  readonly trail: string | null;
}

export interface ChainSummary {
  readonly account: string;
  readonly region: string;
  readonly trail: string;
  readonly isBackfill: boolean;
  readonly digestCount: number;
  readonly provenDigestCount: number;
  readonly logCount: number;
  readonly provenLogCount: number;
}

/** What a trail's evidence is worth. `unknown`: nothing is broken, but not all could be read. */
export interface EvidenceReport extends DeliveryRange {
  readonly verdict: "proven" | "broken" | "unknown";
  readonly chains: readonly ChainSummary[];
  /** By account and region, then by time. */
  readonly flaws: readonly PlacedFlaw[];
}

/** @param others about what is in no place that was verified */
export function evidenceReport(
  { from, to }: DeliveryRange,
  places: readonly PlaceResult[],
  others: readonly PlacedFlaw[],
): EvidenceReport {
  const found = places.flatMap((place) => [
    ...place.flaws.map((flaw) => placed(flaw, place, null)),
    ...place.chains.flatMap(({ flaws, trail }) => flaws.map((flaw) => placed(flaw, place, trail))),
  ]);
  const flaws = [...found, ...others].sort((a, b) =>
    compare(a.account, b.account) || compare(a.region ?? "", b.region ?? "") ||
    (a.fromAt ?? a.toAt ?? 0) - (b.fromAt ?? b.toAt ?? 0) || compare(a.key ?? "", b.key ?? ""));
  const weights = new Set(flaws.map(({ weight }) => weight));
  return {
    from, to, flaws,
    verdict: weights.has("broken") ? "broken" : weights.has("unknown") ? "unknown" : "proven",
    chains: places.flatMap(({ account, region, chains }) => chains.map((chain) => ({
      account, region, trail: chain.trail, isBackfill: chain.isBackfill,
      digestCount: chain.digestCount, provenDigestCount: chain.provenDigestCount,
      logCount: chain.logCount, provenLogCount: chain.provenLogCount,
    }))),
  };
}

function placed(
  flaw: Flaw,
  { account, region }: Pick<PlaceResult, "account" | "region">,
  trail: string | null,
): PlacedFlaw {
  return { ...flaw, weight: flawWeights[flaw.kind], account, region, trail };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
