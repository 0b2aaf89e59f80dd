/**
 * What is wrong with a trail's evidence. `broken`: somebody, or a setting, took from what it
 * proves; `unknown`: it could not be found out; `note`: nothing is wrong, and it is worth knowing.
 */
export const flawWeights = {
  /** A log file is not what CloudTrail delivered. */
  "log-tampered": "broken",
  /** A log file that was delivered is not there. */
  "log-missing": "broken",
  /** It lies under another name, unchanged. */
  "log-moved": "broken",
  /** A file called like a log file, delivered in a time that is proven, that no digest lists. */
  "log-unlisted": "broken",
  "digest-tampered": "broken",
  /** The digest after it names it, and it is not there. */
  "digest-missing": "broken",
  /** It says to lie elsewhere. */
  "digest-moved": "broken",
  /** It is signed with a key that is not among CloudTrail's. */
  "key-unknown": "broken",
  /** Hours for which there is no digest: validation or logging was off, or they were removed. */
  gap: "broken",
  /** An account and region with log files, and not one digest. */
  "no-digests": "broken",
  /** An account and region that was to have log files, and has neither these nor digests. */
  silent: "broken",
  /** A trail that writes into the bucket is stopped. */
  "trail-stopped": "broken",
  /** It could not deliver, the last time it tried. */
  "trail-failing": "broken",
  /** Its log files are not validated from now on. */
  "trail-unvalidated": "broken",
  /** It leaves out regions, or services that are in none. */
  "trail-partial": "broken",
  /** Its selectors leave out management events. */
  "events-left-out": "broken",
  /** No trail is known that writes into the bucket. */
  "no-trail": "unknown",
  /** It is there, and may not be read. */
  unreadable: "unknown",
  /** A digest whose signature is not at hand: a copy of a bucket has none for the newest. */
  unsigned: "unknown",
  /** Here validation began. */
  begins: "note",
  /** What happens to objects, items, messages and functions leaves no trace. */
  "no-data-events": "note",
  /** What lies before is in another bucket. */
  "other-bucket": "note",
} as const satisfies Readonly<Record<string, "broken" | "unknown" | "note">>;

export type FlawKind = keyof typeof flawWeights;
export type FlawWeight = (typeof flawWeights)[FlawKind];

export interface Flaw {
  readonly kind: FlawKind;
  /** The file it is about; null where it is about a time. */
  readonly key: string | null;
  /** The delivery times that it takes the proof from, ms UTC; null where that is not known. */
  readonly fromAt: number | null;
  readonly toAt: number | null;
  /** A sentence for a person. */
  readonly detail: string;
}

/** `2026-03-01T10:00:00Z` */
export function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** `from 2026-03-01T10:00:00Z to 2026-03-01T12:00:00Z` */
export function rangeText({ from, to }: { readonly from: number; readonly to: number }): string {
  return `from ${iso(from)} to ${iso(to)}`;
}
