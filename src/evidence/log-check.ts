import type { EvidenceFile, NotRead } from "./archive.ts";
import { contentOf } from "./content.ts";
import type { ListedLog } from "./digest.ts";
import type { Flaw } from "./flaw.ts";
import type { Verification } from "./verification.ts";

/** Holds a log file against what its digest says; null when it is what was delivered. */
export async function logFlaw(log: ListedLog, verification: Verification): Promise<Flaw | null> {
  const { archive, slots, inflatedBytesMax } = verification;
  const flaw = (kind: Flaw["kind"], detail: string): Flaw =>
    ({ kind, key: log.key, fromAt: null, toAt: null, detail });
  const found = await slots.run(() => archive.read(log, hashing(inflatedBytesMax)));
  if (found === "missing") return flaw("log-missing", "It was delivered, and is not there.");
  if ("unreadable" in found) return flaw("unreadable", found.unreadable);
  if (found.damage !== null) return flaw("log-tampered", found.damage);
  return found.sha256 === log.sha256 ? null :
    flaw("log-tampered", `Its SHA-256 is ${found.sha256}; delivered was ${log.sha256}.`);
}

/** The SHA-256 of a file's inflated bytes, hex; null where it cannot be had. */
export async function sha256Of(key: string, verification: Verification): Promise<string | null> {
  const { archive, slots, inflatedBytesMax } = verification;
  const found = await slots.run(() => archive.readKey(key, hashing(inflatedBytesMax)));
  return isRead(found) ? found.sha256 : null;
}

function isRead<T extends object>(found: T | NotRead): found is T {
  return found !== "missing" && !("unreadable" in found);
}

function hashing(bytesMax: number) {
  return ({ body }: EvidenceFile) => contentOf(body, { bytesMax, isKept: false });
}
