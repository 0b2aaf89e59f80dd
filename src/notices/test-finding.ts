import type { Level } from "../detections/detection.ts";
import type { Finding } from "../findings/finding.ts";

/** A finding that says of itself that it is none. */
export function testFinding(level: Level, now: number): Finding {
  const fingerprint = "7e57".repeat(16);
  return {
    fingerprint,
    id: fingerprint.slice(0, 16),
    rule: "notify-test",
    title: "Test of trailwarden's notifications",
    level,
    confidence: "high",
    because: "This is a test: somebody ran trailwarden notify test. Nothing else has happened.",
    entity: { type: "event", id: "notify-test" },
    agent: null,
    role: null,
    session: null,
    credential: null,
    account: null,
    firstEventAt: now,
    lastEventAt: now,
    eventCount: 1,
    evidence: [],
    values: {},
    decidedAt: now,
    decidedBy: "notify-test",
    tags: [],
    status: "open",
    verdict: null,
    note: null,
  };
}
