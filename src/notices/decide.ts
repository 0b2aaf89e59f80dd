import { levels, type Level } from "../detections/detection.ts";
import type { Finding } from "../findings/finding.ts";
import type { Manners } from "./manners.ts";
import type { DeskState, Notice, Telling } from "./notice.ts";
import { quietUntil } from "./quiet-hours.ts";
import { isFor } from "./routing.ts";

export type Decision =
  | { readonly do: "forget"; readonly why: "over" | "not-for-them" | "taken-care-of" }
  | {
      readonly do: "wait";
      /** ms UTC; null: for a new word. */
      readonly until: number | null;
      readonly why: "not-yet" | "quiet-hours" | "told" | "too-many";
    }
  | { readonly do: "gather"; readonly why: "low" | "too-many" }
  | { readonly do: "tell"; readonly what: Telling };

export interface Circumstances {
  readonly manners: Manners;
  readonly desk: DeskState;
  readonly now: number;
}

/** What nobody says a word of: suppressions, and those that end. */
export const lookAgainMs = 600_000;

/**
 * What to do about a notice.
 *
 * @param finding as it is by now; null when it is forgotten
 */
export function decide(
  notice: Notice,
  finding: Finding | null,
  circumstances: Circumstances,
): Decision {
  const { told } = notice;
  const isTold = told?.by === "message";
  if (finding === null) return { do: "forget", why: "over" };
  if (finding.status === "closed" || finding.status === "suppressed") {
    return isTold ? { do: "tell", what: "over" } : { do: "forget", why: "over" };
  }
  if (!isFor(finding, circumstances.manners.only)) {
    return isTold ? { do: "tell", what: "over" } : { do: "forget", why: "not-for-them" };
  }
  if (told === null) return decideFirst(notice, finding, circumstances);
  if (isWorse(finding.level, told.level)) {
    return decideNews(isTold ? "worse" : "opened", { notice, finding }, circumstances);
  }
  return isTold
    ? decideKnown(told, finding, circumstances)
    : { do: "wait", until: null, why: "told" };
}

function decideFirst(notice: Notice, finding: Finding, circumstances: Circumstances): Decision {
  const { manners, now } = circumstances;
  if (finding.status === "acknowledged") {
    if (!manners.repeatsAcknowledged) return { do: "forget", why: "taken-care-of" };
  }
  const from = notice.firstAt + manners.afterMs;
  if (now < from) return { do: "wait", until: from, why: "not-yet" };
  return decideNews("opened", { notice, finding }, circumstances);
}

function decideNews(
  what: "opened" | "worse",
  { notice: { gathered }, finding: { level } }: { notice: Notice; finding: Finding },
  circumstances: Circumstances,
): Decision {
  const { manners, desk, now } = circumstances;
  const quiet = quietFor(level, manners, now);
  if (quiet !== null) return { do: "wait", until: quiet, why: "quiet-hours" };
  if (isWorse(manners.digestBelow, level)) return { do: "gather", why: "low" };
  if (gathered !== null && !isWorse(level, gathered)) return { do: "gather", why: "too-many" };
  if (!isFree(desk, level, circumstances)) return { do: "gather", why: "too-many" };
  return { do: "tell", what };
}

function decideKnown(
  told: NonNullable<Notice["told"]>, finding: Finding, circumstances: Circumstances,
): Decision {
  const { manners, desk, now } = circumstances;
  const { level, status } = finding;
  if (status === "acknowledged" && told.status !== status) {
    return { do: "tell", what: "acknowledged" };
  }
  if (level !== told.level) return { do: "tell", what: "changed" };
  const repeats = status === "open" || manners.repeatsAcknowledged;
  const repeatAt = manners.repeatMs !== null && repeats ? told.at + manners.repeatMs : Infinity;
  if (now < repeatAt) {
    return { do: "wait", until: Math.min(repeatAt, now + lookAgainMs), why: "told" };
  }
  const quiet = quietFor(level, manners, now);
  if (quiet !== null) return { do: "wait", until: quiet, why: "quiet-hours" };
  return isFree(desk, level, circumstances)
    ? { do: "tell", what: "again" }
    : { do: "wait", until: now + lookAgainMs, why: "too-many" };
}

export function isWorse(level: Level, than: Level): boolean {
  return levels.indexOf(level) > levels.indexOf(than);
}

function quietFor(level: Level, manners: Manners, now: number): number | null {
  return isWorse(manners.wakeFrom, level) ? quietUntil(manners.quietHours, now) : null;
}

const hourMs = 3_600_000;

/** Whether one message more of this level may go out: so many within any hour. */
function isFree(
  { sentAt }: DeskState, level: Level, { manners, now }: Circumstances,
): boolean {
  const recent = (sentAt[level] ?? []).filter((at) => at > now - hourMs);
  return recent.length < manners.messagesPerHour;
}

/** What interrupts people counts; what tells of an end, or that somebody is on it, does not. */
const counted: ReadonlySet<Telling> = new Set(["opened", "worse", "again"]);

/** The desk after a message went out. */
export function afterTelling(
  desk: DeskState,
  { what, level }: { readonly what: Telling; readonly level: Level },
  { manners, now }: Circumstances,
): DeskState {
  if (!counted.has(what) || !Number.isFinite(manners.messagesPerHour)) return desk;
  const recent = (desk.sentAt[level] ?? []).filter((at) => at > now - hourMs);
  return { ...desk, sentAt: { ...desk.sentAt, [level]: [...recent, now] } };
}
