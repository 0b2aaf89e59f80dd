import type { Finding } from "./finding.ts";

/**
 * A finding as `--format json` and `ndjson` print it: the contract others build on. Instants ISO
 * 8601, UTC.
 */
export interface FindingJson {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly level: string;
  readonly status: string;
  readonly confidence: string;
  readonly because: string;
  readonly entity: Finding["entity"];
  readonly agent: Finding["agent"];
  readonly role: Finding["role"];
  readonly session: Finding["session"];
  readonly credential: Finding["credential"];
  readonly account: string | null;
  readonly firstEventAt: string;
  readonly lastEventAt: string;
  readonly eventCount: number;
  /** The earliest of them, at most 20; `eventCount` counts all. */
  readonly eventIds: readonly string[];
  readonly overAt: string | null;
  readonly values: Finding["values"];
  readonly tags: readonly string[];
}

export function findingJson(finding: Finding): FindingJson {
  const { id, rule, title, level, status, confidence, because, entity } = finding;
  const { agent, role, session, credential, account, eventCount, values, tags } = finding;
  return {
    id, rule, title, level, status, confidence, because, entity,
    agent, role, session, credential, account,
    firstEventAt: new Date(finding.firstEventAt).toISOString(),
    lastEventAt: new Date(finding.lastEventAt).toISOString(),
    eventCount,
    eventIds: finding.evidence.map(({ eventId }) => eventId),
    overAt: finding.overAt === undefined ? null : new Date(finding.overAt).toISOString(),
    values,
    tags,
  };
}
