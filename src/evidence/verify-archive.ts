import type { DeliveryRange, EvidencePlace } from "./archive.ts";
import { flawWeights } from "./flaw.ts";
import { evidenceReport, type EvidenceReport, type PlacedFlaw } from "./report.ts";
import { ahead } from "./slots.ts";
import type { Verification } from "./verification.ts";
import { verifyPlace, type PlaceResult } from "./verify-place.ts";

/** What is to be there. */
export interface Expected {
  /** What is known to be wrong already: of the trails' settings, say. */
  readonly flaws: readonly PlacedFlaw[];
  /** Only this trail's digests; null for all. */
  readonly trail: string | null;
  readonly accounts: readonly string[];
  /** In each account; empty: whichever there are. */
  readonly regions: readonly string[];
}

/** Of an organisation's trail each has a chain of its own. */
const placesAtOnce = 4;

/**
 * Verifies all that an archive holds of a time.
 *
 * @param onPlace how many accounts and regions are done with, and of how many
 */
export async function verifyArchive(
  verification: Verification,
  expected: Expected,
  onPlace: (doneCount: number, count: number) => void,
): Promise<EvidenceReport> {
  const places = await verification.archive.places();
  const results: PlaceResult[] = [];
  const verify = (place: EvidencePlace) => verifyPlace(place, expected.trail, verification);
  onPlace(0, places.length);
  for await (const result of ahead(places, placesAtOnce, verify)) {
    results.push(result);
    onPlace(results.length, places.length);
  }
  return evidenceReport(verification, results, [
    ...expected.flaws, ...silentOf(places, expected, verification),
  ]);
}

/** Accounts that are to send, and regions of each account that are to, without anything. */
function silentOf(
  places: readonly EvidencePlace[],
  { accounts, regions }: Expected,
  range: DeliveryRange,
): readonly PlacedFlaw[] {
  const all = new Set([...accounts, ...places.map(({ account }) => account)]);
  return [...all].flatMap((account) => {
    const found = places.filter((place) => place.account === account).map(({ region }) => region);
    if (found.length === 0) return [silent(account, null, range)];
    return regions.filter((region) => !found.includes(region))
      .map((region) => silent(account, region, range));
  });
}

function silent(account: string, region: string | null, { from, to }: DeliveryRange): PlacedFlaw {
  return {
    kind: "silent", weight: flawWeights.silent, account, region, trail: null, key: null,
    fromAt: from, toAt: to,
    detail: `There is no folder of it: nothing was ever delivered${
      region === null ? "" : ` from ${region}`}.`,
  };
}
