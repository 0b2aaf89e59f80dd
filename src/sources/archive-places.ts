import { daysUnder, type DayRange } from "./archive-days.ts";

/** Where one account's log files of one region lie in a bucket. */
export interface ArchivePlace {
  readonly account: string;
  readonly region: string;
  /** `logs/AWSLogs/o-…/111122223333/CloudTrail/eu-west-1/`: days lie below. */
  readonly folder: string;
  /** The days that were asked for by naming a folder below; null for all. */
  readonly days: DayRange | null;
}

export interface PlaceFilter {
  /** Empty: all. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Absent: log files. */
  readonly kind?: "CloudTrail" | "CloudTrail-Digest";
}

/** What lies one level below a folder, as whole prefixes; `""` is the bucket itself. */
export type FoldersOf = (prefix: string) => Promise<readonly string[]>;

/** A trail's prefix may have folders of its own; deeper ones are to be named. */
const foldersAboveMax = 4;
/** Enough to hide the answering time of S3. */
const lookingAtOnce = 8;

/**
 * Finds what a trail, or an organisation's trail, writes under a prefix that may begin anywhere:
 * above `AWSLogs/`, at an account, in a month. Only folders that can be CloudTrail's are looked
 * into: `[o-…/]<account>/CloudTrail/<region>/`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export async function placesUnder(
  prefix: string,
  foldersOf: FoldersOf,
  filter: PlaceFilter,
): Promise<readonly ArchivePlace[]> {
  const start = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
  let level: readonly Spot[] = [spotAt(start)];
  const places: ArchivePlace[] = [];
  for (let depth = 0; level.length > 0; depth += 1) {
    const wanted = level.filter((spot) => isWanted(spot, filter));
    places.push(...wanted.flatMap(({ place }) => place ?? []));
    const open = wanted.filter(({ place, below }) =>
      place === null && (below.length > 0 || depth < foldersAboveMax));
    const next = await atOnce(open, (spot) => belowOf(spot, kindOf(filter), foldersOf));
    level = next.flat();
  }
  return places.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** A folder on the way, and what its path tells. */
interface Spot {
  readonly folder: string;
  /** Behind `AWSLogs`, with it; empty above. */
  readonly below: readonly string[];
  readonly account: string | null;
  readonly region: string | null;
  readonly place: ArchivePlace | null;
}

const organisation = /^o-[a-z0-9]{10,32}$/;
const accountId = /^\d{12}$/;
const regionName = /^[a-z]{2,5}(?:-[a-z]+)+-\d+$/;

function spotAt(folder: string): Spot {
  const parts = folder.split("/").slice(0, -1);
  const at = parts.lastIndexOf("AWSLogs");
  const below = at === -1 ? [] : parts.slice(at);
  const [, first = "", ...rest] = below;
  const [account = null, kind = null, region = null, ...days] =
    organisation.test(first) ? rest : below.slice(1);
  const spot = { folder, below, account, region };
  if (account === null || region === null || kind === null) return { ...spot, place: null };
  const regionFolder = `${parts.slice(0, parts.length - days.length).join("/")}/`;
  const range = days.length === 0 ? null : daysUnder(days.join("/"));
  const isPlace = days.length === 0 || range !== null;
  const place = { account, region, folder: regionFolder, days: range };
  return { ...spot, place: isPlace ? place : null };
}

function isWanted({ below, account, region }: Spot, filter: PlaceFilter): boolean {
  const { accounts, regions } = filter;
  const [, first = ""] = below;
  const kind = below[organisation.test(first) ? 3 : 2];
  return (account === null || (accountId.test(account) && isAmong(account, accounts))) &&
    (kind === undefined || kind === kindOf(filter)) &&
    (region === null || (regionName.test(region) && isAmong(region, regions)));
}

function kindOf({ kind = "CloudTrail" }: PlaceFilter): string {
  return kind;
}

function isAmong(value: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

async function belowOf(
  { folder, below, account, region }: Spot,
  kind: string,
  foldersOf: FoldersOf,
) {
  // What an account has beside CloudTrail's own folders is other services' logs.
  if (account !== null && below.at(-1) === account) return [spotAt(`${folder}${kind}/`)];
  if (region !== null) return [];
  const found = await foldersOf(folder);
  const logs = `${folder}AWSLogs/`;
  return (below.length === 0 && found.includes(logs) ? [logs] : found).map(spotAt);
}

/** The results in order; never more than a few under way. */
async function atOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const next = items.entries();
  const worker = async () => {
    for (const [i, item] of next) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: lookingAtOnce }, worker));
  return results;
}
