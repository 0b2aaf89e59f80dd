/**
 * How one account and region's event history is read without loss: window after window, each from a
 * little before the last one's end (events come into the history late), each newest first, as
 * CloudTrail gives them. All instants in ms UTC.
 */

/**
 * How far back the history goes.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const historyDays = 90;
const historyMs = historyDays * 24 * 3600 * 1000;
/** Asked for while its oldest end falls away. */
const edgeMs = 60_000;

/** How far back the history can be asked. */
export function oldestAt(now: number): number {
  return now - historyMs + edgeMs;
}

/** What is kept of it: a cursor's data. */
export interface LookupProgress {
  /** What happened before was seen, but for what came later than the overlap. */
  readonly from: number;
  /** Of the window in hand what was seen: from `until` down to `reached`. Null between windows. */
  readonly open: { readonly until: number; readonly reached: number } | null;
}

export interface LookupWindow {
  readonly from: number;
  /** Where the next begins, less the overlap. */
  readonly until: number;
  /** Down to here it was seen; there it goes on. */
  readonly reached: number;
}

export interface LookupPage {
  /** When the oldest event of the page happened; null when it holds none. */
  readonly oldestAt: number | null;
  readonly isLast: boolean;
}

/** What to look at now. `gap` is what the history no longer has, and was never seen. */
export function windowAt(
  progress: LookupProgress,
  now: number,
): { readonly window: LookupWindow; readonly gap: LookupGap | null } {
  const oldest = oldestAt(now);
  const from = Math.min(Math.max(progress.from, oldest), now);
  const gap = progress.from < now - historyMs ? { from: progress.from, until: oldest } : null;
  const { open } = progress;
  const isOpen = open !== null && open.reached > from;
  const window = isOpen ? { from, ...open } : { from, until: now, reached: now };
  return { window, gap };
}

export interface LookupGap {
  readonly from: number;
  readonly until: number;
}

/** Where the very first look begins. */
export function firstProgress(startHoursAgo: number, now: number): LookupProgress {
  return { from: now - startHoursAgo * 3600 * 1000, open: null };
}

/** What stands once a page is kept: the window goes on below it, or is done. */
export function afterPage(
  { from, until, reached }: LookupWindow,
  { oldestAt, isLast }: LookupPage,
  overlapMs: number,
): LookupProgress {
  if (isLast) return { from: Math.max(from, until - overlapMs), open: null };
  return { from, open: { until, reached: Math.min(reached, oldestAt ?? reached) } };
}

/** What an earlier run kept; null when there is none, or it is not ours. */
export function progressIn(data: string | null): LookupProgress | null {
  if (data === null) return null;
  const value: unknown = JSON.parse(data);
  if (!isObject(value) || typeof value["from"] !== "number") return null;
  const { from, open } = value;
  if (!isObject(open)) return { from, open: null };
  const { until, reached } = open;
  return typeof until === "number" && typeof reached === "number"
    ? { from, open: { until, reached } }
    : { from, open: null };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
