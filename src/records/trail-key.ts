import type { ObjectKind } from "./record.ts";

/** What the key of one of CloudTrail's objects tells. */
export interface TrailKey {
  /** Whose events it holds; in an organisation's trail the member account. */
  readonly account: string;
  readonly region: string;
  /** `log`: management and data events. */
  readonly kind: "log" | Exclude<ObjectKind, "unrelated">;
  /** UTC day of delivery, e.g. `2026-03-01`; events in it may be older. */
  readonly day: string;
}

/**
 * Reads a key of the layouts CloudTrail writes, and of no other:
 *
 * `[prefix/]AWSLogs/[o-…/]<account>/<kind>/<region>/2026/03/01/<account>_<kind>_<region>_…`
 *
 * Null for all else: whoever may write into the bucket chooses the names of what he puts there.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function trailKey(key: string): TrailKey | null {
  const parts = layout.exec(key)?.groups;
  const { account, word, region, year, month, day, file } = parts ?? {};
  if (account === undefined || word === undefined || region === undefined) return null;
  const kind = kinds.get(word);
  if (kind === undefined || file?.startsWith(`${account}_${word}_`) !== true) return null;
  const ending = kind === "digest" ? digestEnding : logEnding(region);
  if (!ending.test(file.slice(account.length + word.length + 2))) return null;
  return { account, region, kind, day: `${year}-${month}-${day}` };
}

const layout = new RegExp(
  String.raw`^(?:.*/)?AWSLogs/(?:o-[a-z0-9]{10,32}/)?` +
    String.raw`(?<account>\d{12})/(?<word>CloudTrail[\w-]*)/(?<region>[a-z0-9-]+)/` +
    String.raw`(?<year>\d{4})/(?<month>\d\d)/(?<day>\d\d)/(?<file>[^/]+)$`,
);

const kinds: ReadonlyMap<string, TrailKey["kind"]> = new Map<string, TrailKey["kind"]>([
  ["CloudTrail", "log"],
  ["CloudTrail-NetworkActivity", "network-activity"],
  ["CloudTrail-Insight", "insight"],
  ["CloudTrail-Aggregated", "aggregated"],
  ["CloudTrail-Digest", "digest"],
]);

/** `_20260301T1005Z_Gk3r9aB2cD4eF6gH.json.gz`, as AWS's own processing library takes them. */
function logEnding(region: string): { test(file: string): boolean } {
  return {
    test: (file) => file.startsWith(`${region}_`) && logName.test(file.slice(region.length + 1)),
  };
}
const logName = /^\d{8}T\d{4}Z_\w+\.json\.gz$/;
/** With the region, the trail's name and its home region before it. */
const digestEnding = /_\d{8}T\d{6}Z(?:_backfill)?\.json\.gz$/;
