import type { Level } from "../detections/detection.ts";
import type { AgentIdentity } from "./inventory.ts";
import type { Result } from "./result.ts";
import type { AuditRun, WholeRun } from "./run.ts";

export interface FailureFilter {
  readonly check?: string | undefined;
  /** This level and above. */
  readonly minLevel?: Level | undefined;
}

/** A place in a list: of the last item before it. */
export interface AuditSlice {
  readonly limit: number;
  readonly after: number | null;
}

export interface Placed<T> {
  readonly place: number;
  readonly item: T;
}

/** Runs of the audit: every one in short, the latest whole. */
export interface AuditStore {
  /** In the place of the latest before; its number. */
  keepAudit(run: WholeRun): Promise<number>;
  /** The latest first, from the one before `after` on. */
  auditRuns(slice: AuditSlice): Promise<readonly AuditRun[]>;
  /** Of the latest run, in its order. */
  auditFailures(filter: FailureFilter, slice: AuditSlice): Promise<readonly Placed<Result>[]>;
  agentIdentities(
    kind: AgentIdentity["kind"] | null, slice: AuditSlice,
  ): Promise<readonly Placed<AgentIdentity>[]>;
}
