import { gzipSync } from "node:zlib";
import type { EvidenceReport } from "../../src/evidence/report.ts";
import { at } from "./evidence-place.ts";
import { endOf, firstKey, foreignKey, type DigestJson, type MadeTrail } from "./trail-made.ts";

/** `kind key fromAt..toAt` of what is broken or unknown. */
export function flawsOf({ flaws }: EvidenceReport): readonly string[] {
  return flaws.filter(({ weight }) => weight !== "note").map(({ kind, key, fromAt, toAt }) => {
    const isRange = fromAt !== null && toAt !== null && fromAt !== toAt;
    const parts = [kind, key, isRange ? `${hourOf(fromAt)}..${hourOf(toAt)}` : null];
    return parts.filter((part) => part !== null).join(" ");
  });
}

/** As `endOf` counts. */
function hourOf(moment: number): number {
  return (moment - at(0)) / 3_600_000;
}

/** What was done to the trail, and what is told of it. */
type Tampering = readonly [
  what: string,
  change: (trail: MadeTrail) => void,
  flaws: (trail: MadeTrail) => readonly string[],
];

/** A digest of that hour that lists nothing. */
export function jsonOf(trail: MadeTrail, n: number, changes: Partial<DigestJson>): DigestJson {
  const key = trail.digestKey(n);
  return {
    digestStartTime: endOf(n - 1), digestEndTime: endOf(n), digestS3Bucket: trail.bucket,
    digestS3Object: key, digestPublicKeyFingerprint: firstKey.fingerprint,
    digestSignatureAlgorithm: "SHA256withRSA", previousDigestS3Bucket: null,
    previousDigestS3Object: null, previousDigestHashValue: null,
    previousDigestHashAlgorithm: null, previousDigestSignature: null, logFiles: [], ...changes,
  };
}

export const tamperings: readonly Tampering[] = [
  [
    "a log file changed",
    (trail) => { trail.change(trail.logKey(3, 1), '{"Records":[]}'); },
    (trail) => [`log-tampered ${trail.logKey(3, 1)}`],
  ],
  [
    "a log file cut off",
    (trail) => {
      const { body, metadata } = trail.take(trail.logKey(3, 0));
      trail.files.set(trail.logKey(3, 0), { body: body.subarray(0, 20), metadata });
    },
    (trail) => [`log-tampered ${trail.logKey(3, 0)}`],
  ],
  [
    "a log file emptied",
    (trail) => {
      trail.files.set(trail.logKey(3, 0), { body: Buffer.alloc(0), metadata: {} });
    },
    (trail) => [`log-tampered ${trail.logKey(3, 0)}`],
  ],
  [
    "a log file removed",
    (trail) => { trail.take(trail.logKey(3, 1)); },
    (trail) => [`log-missing ${trail.logKey(3, 1)}`],
  ],
  [
    "a log file moved",
    (trail) => { trail.files.set(trail.logKey(2, 3), trail.take(trail.logKey(3, 1))); },
    (trail) => [`log-moved ${trail.logKey(3, 1)}`],
  ],
  [
    "a log file put there",
    (trail) => {
      trail.files.set(trail.logKey(3, 3), { body: gzipSync('{"Records":[]}'), metadata: {} });
    },
    (trail) => [`log-unlisted ${trail.logKey(3, 3)}`],
  ],
  [
    "a digest changed",
    (trail) => { trail.change(trail.digestKey(3), JSON.stringify(jsonOf(trail, 3, {}))); },
    (trail) => [`digest-tampered ${trail.digestKey(3)} 2..3`],
  ],
  [
    "the newest digest changed",
    (trail) => { trail.change(trail.digestKey(6), JSON.stringify(jsonOf(trail, 6, {}))); },
    (trail) => [`digest-tampered ${trail.digestKey(6)} 5..6`],
  ],
  [
    "a digest that is no JSON",
    (trail) => { trail.change(trail.digestKey(3), "x"); },
    (trail) => [`digest-tampered ${trail.digestKey(3)}`],
  ],
  [
    "a digest removed",
    (trail) => { trail.take(trail.digestKey(3)); },
    (trail) => [`digest-missing ${trail.digestKey(3)} 2..3`],
  ],
  [
    "three digests in a row removed",
    (trail) => { for (const n of [2, 3, 4]) trail.take(trail.digestKey(n)); },
    (trail) => [`digest-missing ${trail.digestKey(4)} 1..4`],
  ],
  [
    "the oldest digests removed",
    (trail) => { for (const n of [1, 2, 3]) trail.take(trail.digestKey(n)); },
    (trail) => [`digest-missing ${trail.digestKey(3)} 1..3`],
  ],
  [
    "the newest digests removed",
    (trail) => { for (const n of [5, 6]) trail.take(trail.digestKey(n)); },
    () => ["gap 4..6"],
  ],
  [
    "all digests removed",
    (trail) => { for (let n = 1; n <= 6; n += 1) trail.take(trail.digestKey(n)); },
    () => ["no-digests 1..6"],
  ],
  [
    "a digest moved",
    (trail) => { trail.files.set(trail.digestKey(7), trail.take(trail.digestKey(6))); },
    (trail) => ["gap 5..7", `digest-moved ${trail.digestKey(7)} 5..7`],
  ],
  [
    "a digest with a log file left out, signed by a key that is not CloudTrail's",
    (trail) => {
      const fingerprint = { digestPublicKeyFingerprint: foreignKey.fingerprint };
      trail.putDigest(jsonOf(trail, 6, fingerprint), foreignKey);
    },
    (trail) => [`key-unknown ${trail.digestKey(6)} 5..6`],
  ],
  [
    "the same, under the fingerprint of a key that is",
    (trail) => { trail.putDigest(jsonOf(trail, 6, {}), foreignKey); },
    (trail) => [`digest-tampered ${trail.digestKey(6)} 5..6`],
  ],
  [
    "a digest changed so that it seems to be of another time",
    (trail) => {
      const later = { digestStartTime: endOf(50), digestEndTime: endOf(51) };
      trail.change(trail.digestKey(6), JSON.stringify(jsonOf(trail, 6, later)));
    },
    (trail) => [`digest-tampered ${trail.digestKey(6)}`],
  ],
  [
    "two digests removed before one that is changed",
    (trail) => {
      trail.change(trail.digestKey(5), JSON.stringify(jsonOf(trail, 5, {})));
      for (const n of [3, 4]) trail.take(trail.digestKey(n));
    },
    (trail) => ["gap 2..5", `digest-tampered ${trail.digestKey(5)} 4..5`],
  ],
  [
    "every digest before one that is changed removed",
    (trail) => {
      trail.change(trail.digestKey(5), JSON.stringify(jsonOf(trail, 5, {})));
      for (const n of [1, 2, 3, 4]) trail.take(trail.digestKey(n));
    },
    (trail) => ["gap 1..5", `digest-tampered ${trail.digestKey(5)} 4..5`],
  ],
  [
    "validation off for two hours",
    (trail) => {
      trail.files.clear();
      trail.hours(1, 2).hours(5, 6);
    },
    () => ["gap 2..4"],
  ],
];
