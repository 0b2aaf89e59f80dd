import type { Finding } from "../findings/finding.ts";
import type { Teller } from "../sessions/task-store.ts";
import type { Session } from "../sessions/session.ts";
import type { Task } from "../sessions/task.ts";
import type { Effect } from "./effects.ts";
import type {
  Decision, Revocation, RevocationNews, RevocationRequest,
} from "./revocation.ts";
import type { Target } from "./target.ts";

/** A place in the list: of the last revocation before it. */
export type RevocationPlace = Pick<Revocation, "requestedAt" | "id">;

export interface RevocationFilter {
  /** Only those of which something is left to do (true), or nothing. */
  readonly isOpen?: boolean | undefined;
  /** ms UTC: only what was asked for, or carried out, at this instant or after. */
  readonly since?: number | undefined;
}

/** A slice that is the whole list: what is open, or of an hour, is bounded by people. */
export const wholeList = { limit: Number.MAX_SAFE_INTEGER, after: null } as const;

/** Who may write somewhere, until when. */
export interface Lease {
  readonly key: string;
  /** One writer's own name, new at every start. */
  readonly holder: string;
  /** ms UTC, by our clock. */
  readonly now: number;
  readonly until: number;
}

/** A group whose events may tell of a revocation; its mark grows with each that comes. */
export interface Observable {
  readonly groupKey: string;
  readonly mark: number;
}

/** What asks for revocations without a person: findings that changed, and tasks that ended. */
export interface WishStore {
  /**
   * Takes over what `wishesFor` makes of each finding that opened or changed since, whatever was
   * told of it; all or nothing. What stands in the ledger is not wished for again.
   */
  takeWishes(wishesFor: (finding: Finding) => readonly RevocationRequest[]): Promise<void>;
  /** Those not in the ledger yet, by id. */
  wishes(): Promise<readonly RevocationRequest[]>;
  /** It is in the ledger, or nothing can be done for it. */
  endWish(id: string): Promise<void>;
  /** Tasks that ended at `since` (ms UTC) or later, and whose credentials are to be revoked. */
  tasksToRevoke(since: number): Promise<readonly Task[]>;
}

/** The ledger: what was asked for, decided, done and seen. Every call may be made again. */
export interface RevocationStore {
  /** The first of an id stands; told with its line in the audit log. */
  addRevocation(revocation: Revocation): Promise<Revocation>;
  /**
   * @param by for the audit log, where it is a deed or a change of state; null: none of both
   * @returns null: there is no such revocation
   */
  tellRevocation(
    id: string, news: RevocationNews, by: Teller | null,
  ): Promise<Revocation | null>;
  /** From now on it may be carried out; what there was before is written with it, at once. */
  releaseRevocation(id: string, capture: string, by: Teller): Promise<Revocation | null>;
  /** JSON; null: it was not released. */
  capture(revocationId: string): Promise<string | null>;

  revocation(id: string): Promise<Revocation | null>;
  /** The latest asked for first. */
  listRevocations(
    filter: RevocationFilter,
    slice: { readonly limit: number; readonly after: RevocationPlace | null },
  ): Promise<readonly Revocation[]>;
  /** Every open one with a change here, in any version: see `changeKey`. In order of request. */
  revocationsAt(key: string): Promise<readonly Revocation[]>;
  /** Where open revocations that were released have changes, in order. */
  changeKeys(): Promise<readonly string[]>;

  /** What is, or was, in force for roles and keys of these ids. */
  effectsOn(names: readonly string[]): Promise<readonly Effect[]>;
  /**
   * Groups that gained events while an open revocation may concern them, or that one which changed
   * concerns; at most `limit`.
   */
  observables(limit: number): Promise<readonly Observable[]>;
  /** They were looked at; what was marked once more since is to be looked at again. */
  observed(done: readonly Observable[]): Promise<void>;

  /**
   * Sessions called at `since` (ms UTC) or later that a revocation of the target may concern: those
   * meant, those assumed from them, and the others of their roles and users.
   */
  sessionsAround(target: Target, since: number): Promise<readonly Session[]>;
  /** Those of roles with these ids, `AROA…`. */
  sessionsOfRoles(roleIds: readonly string[], since: number): Promise<readonly Session[]>;

  /** Whether the holder has it: nobody else does, until then. */
  takeLease(lease: Lease): Promise<boolean>;
  endLease(lease: Pick<Lease, "key" | "holder">): Promise<void>;

  /** Null: responses are not paused. */
  responsePause(): Promise<Decision | null>;
  /** @param reason of the pause; null ends it */
  pauseResponse(reason: string | null, by: Teller): Promise<void>;
}
