import type { Generated } from "kysely";

/**
 * The tables as kysely sees them, at the newest version. What each is for stands in
 * `migrations.ts`.
 */
export interface Tables {
  readonly meta: { key: string; value: string };
  readonly counters: { name: CounterName; label: string; value: number };
  readonly deliveries: {
    id: string;
    name: string;
    event_count: number;
    duplicate_count: number;
    skipped_count: number;
    rejected_count: number;
    bytes: number;
    received_at: number | null;
  };
  readonly groups: {
    id: Generated<number>;
    key: string;
    principal_id: string | null;
    created_at: number | null;
    first_at: number | null;
    last_at: number | null;
    event_count: number;
    dirty: number;
    revision: number;
    state: string | null;
  };
  readonly rejections: { id: Generated<number>; data: string };
  readonly sessions: SessionRow;
  readonly credentials: CredentialRow;
  readonly hits: { at: number; event_key: string; rule: string; group_id: number; data: string };
  readonly finding_parts: { fingerprint: string; group_id: number; data: string };
  readonly findings: FindingRow;
  readonly suppressions: { id: string; created_at: number; data: string };
}

/**
 * `events` counts what is stored now; `rejected` and `others` count what was met, by label;
 * `passing` what came with deliveries that are not remembered one by one; `hits` how often those of
 * a rule changed; `baselines` how often what is learned did.
 */
export type CounterName = "events" | "ingests" | "rejected" | "others" | "passing" | "hits"
  | "baselines";

export interface SessionRow {
  id: string;
  group_id: number;
  account: string | null;
  agent: string | null;
  agent_status: string;
  role_arn: string | null;
  mode: string;
  first_at: number;
  last_at: number;
  /** The last of its credentials' ends; null when none is known. */
  expires_at: number | null;
  event_count: number;
  /** Of access write, permissions or tagging, whatever came of them. */
  write_count: number;
  denied_count: number;
  task_id: string | null;
  credential_count: number;
  data: string;
}

export interface CredentialRow {
  access_key_id: string;
  group_id: number;
  session_id: string;
  kind: string;
  account: string | null;
  agent: string | null;
  role_arn: string | null;
  first_at: number;
  last_at: number;
  expires_at: number | null;
  use_count: number;
  issued_at: number | null;
  task_ids: string | null;
}

export interface FindingRow {
  fingerprint: string;
  /** 0 is the worst, so that one ascending index gives the reading order. */
  level_order: number;
  rule: string;
  /** The entity's id. */
  entity: string;
  first_at: number;
  last_at: number;
  account: string | null;
  agent: string | null;
  role_arn: string | null;
  session_id: string | null;
  /** What a person decided, kept beside whether any part is left. */
  status: "open" | "acknowledged" | "closed";
  verdict: string | null;
  note: string | null;
  is_withdrawn: number;
  data: string;
}
