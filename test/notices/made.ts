import type { Finding } from "../../src/findings/finding.ts";
import type { Manners } from "../../src/notices/manners.ts";
import type { Notice, Told } from "../../src/notices/notice.ts";
import { noon, part } from "../storage/made.ts";

export function finding(changes: Partial<Finding> = {}): Finding {
  const { fingerprint = part("a").fingerprint } = changes;
  return {
    ...part("a"), id: fingerprint.slice(0, 16), status: "open", verdict: null, note: null,
    ...changes,
  };
}

export const everything: Manners["only"] = {
  minLevel: "informational", rules: [], agents: [], accounts: [],
};

/** Told at once, singly and never again, unless a test says otherwise. */
export function manners(changes: Partial<Manners> = {}): Manners {
  return {
    only: everything, afterMs: 0, repeatMs: null, repeatsAcknowledged: false,
    digestBelow: "informational", digestMs: 900_000, messagesPerHour: 1000, quietHours: [],
    wakeFrom: "critical", ...changes,
  };
}

export function notice(changes: Partial<Notice> = {}): Notice {
  return {
    fingerprint: part("a").fingerprint, seq: 1, firstAt: noon, told: null, gathered: null,
    memory: null, refusedCount: 0, ...changes,
  };
}

export function told(changes: Partial<Told> = {}): Told {
  return { level: "high", status: "open", at: noon, by: "message", ...changes };
}
