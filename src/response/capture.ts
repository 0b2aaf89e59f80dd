import type { Finding } from "../findings/finding.ts";
import type { ListStore } from "../findings/lists.ts";
import type { Seen } from "../revocations/place.ts";
import type { Plan } from "../revocations/plan.ts";
import type { RawRecord } from "../records/record.ts";
import type { Session } from "../sessions/session.ts";
import type { EventStore } from "../sessions/store.ts";
import type { Looked } from "./look.ts";

/** How things were before anything was done: written before, for whoever has to explain it. */
export interface Capture {
  /** ms UTC. */
  readonly at: number;
  readonly plan: Plan;
  readonly roles: readonly (readonly [string, unknown])[];
  readonly policies: readonly (readonly [string, unknown])[];
  readonly keys: readonly (readonly [string, unknown])[];
  readonly sessions: readonly Session[];
  readonly findings: readonly Finding[];
  /** Of each session that is hit, its group's records: the latest. */
  readonly timelines: readonly Timeline[];
}

export interface Timeline {
  readonly groupKey: string;
  readonly records: readonly RawRecord[];
}

/** What one session may take: an answer must not wait for the story of a busy role. */
const recordsMax = 500;
const findingsMax = 50;

export async function capture(
  { plan, known: { seen, sessions, asOf } }: Looked,
  store: ListStore & EventStore,
): Promise<Capture> {
  const hit = new Set(plan.hits.map(({ id }) => id));
  const those = sessions.filter(({ id }) => hit.has(id));
  const findings = [];
  for (const { id } of those) {
    const slice = { limit: findingsMax, after: null };
    const page = await store.listFindings({ session: id, asOf }, "-lastEventAt", slice);
    findings.push(...page.items);
  }
  const timelines = [];
  for (const groupKey of new Set(those.map((session) => session.groupKey))) {
    timelines.push({ groupKey, records: await latestOf(groupKey, store) });
  }
  return { at: asOf, plan, ...seenIn(seen), sessions: those, findings, timelines };
}

function seenIn({ roles, policies, keys }: Seen): Pick<Capture, "roles" | "policies" | "keys"> {
  return { roles: [...roles], policies: [...policies], keys: [...keys] };
}

async function latestOf(groupKey: string, store: EventStore): Promise<readonly RawRecord[]> {
  let latest: RawRecord[] = [];
  for await (const records of store.recordsOf(groupKey)) {
    latest = [...latest, ...records].sort(byTime).slice(-recordsMax);
  }
  return latest;
}

/** CloudTrail writes instants in one form, which sorts as text. */
function byTime(a: RawRecord, b: RawRecord): number {
  const [one, other] = [String(a["eventTime"]), String(b["eventTime"])];
  return one < other ? -1 : one > other ? 1 : 0;
}
