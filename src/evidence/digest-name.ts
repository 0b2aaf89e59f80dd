import { readInstant } from "../events/instant.ts";
import { trailKey } from "../records/trail-key.ts";

/** What the key of a digest file tells. */
export interface DigestName {
  /** Whose log files it lists. */
  readonly account: string;
  /** Where they were delivered from; its signature's key is this region's. */
  readonly region: string;
  readonly trail: string;
  /** Where the trail was made. */
  readonly homeRegion: string;
  /** Until when it lists what was delivered, ms UTC. */
  readonly endAt: number;
  /** Whether it adds log files that came too late for the digest of their hour. */
  readonly isBackfill: boolean;
}

/**
 * Reads `…/<account>_CloudTrail-Digest_<region>_<trail>_<home region>_20260301T100530Z.json.gz`,
 * which `_backfill` may follow; null for all else. A trail's name may hold `_`, a region's not.
 * As the page "CloudTrail digest file structure" of its user guide tells.
 */
export function digestName(key: string): DigestName | null {
  const found = trailKey(key);
  const parts = layout.exec(key)?.groups;
  if (found?.kind !== "digest" || parts === undefined) return null;
  const { region = "", trail = "", homeRegion = "", end, backfill } = parts;
  const endAt = readInstant(end);
  if (endAt === null || region !== found.region) return null;
  const { account } = found;
  return { account, region, trail, homeRegion, endAt, isBackfill: backfill !== undefined };
}

const layout = new RegExp(
  String.raw`_CloudTrail-Digest_(?<region>[a-z0-9-]+)_(?<trail>[\w.-]+)_` +
    String.raw`(?<homeRegion>[a-z0-9-]+)_(?<end>\d{8}T\d{6}Z)(?<backfill>_backfill)?\.json\.gz$`,
);

/**
 * Which chain a digest is a link of: one for each trail, account and region. Backfill digests have
 * one of their own.
 */
export function chainOf({ trail, homeRegion, isBackfill }: DigestName): string {
  return `${trail}/${homeRegion}${isBackfill ? "/backfill" : ""}`;
}

/**
 * From `AWSLogs/` on, where the layout is CloudTrail's own. A copy of a bucket may lack what stands
 * before it.
 */
export function fromAwsLogs(key: string): string {
  return key.slice(Math.max(0, key.lastIndexOf("AWSLogs/")));
}
