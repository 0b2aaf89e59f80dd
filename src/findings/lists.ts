import type { Level } from "../detections/detection.ts";
import type { Attribution, RoleMode } from "../sessions/attribution.ts";
import type { Credential, Session } from "../sessions/session.ts";
import type { Finding } from "./finding.ts";

/**
 * Where a page ended: the last item's values by which the list is sorted, the store's own. What
 * comes in between two pages shifts nothing.
 */
export type Place = readonly (string | number)[];

export interface Slice {
  readonly limit: number;
  /** Null: from the beginning. */
  readonly after: Place | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null: there is nothing further. A page may be shorter than asked for, and still go on. */
  readonly next: Place | null;
}

/** Instants are ms UTC. `since` and `until` (exclusive) choose what overlaps them. */
interface Chosen {
  readonly agent?: string | undefined;
  /** The role's ARN. */
  readonly role?: string | undefined;
  readonly account?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface SessionFilter extends Chosen {
  /** Only what lives at this instant: see {@link liveMs}. */
  readonly liveAt?: number | undefined;
}

export interface CredentialFilter extends SessionFilter {
  /** The session's id. */
  readonly session?: string | undefined;
}

export interface FindingFilter extends Chosen {
  readonly id?: string | undefined;
  readonly rule?: string | undefined;
  readonly session?: string | undefined;
  /** This level or worse. */
  readonly levelMin?: Level | undefined;
  readonly status?: Finding["status"] | undefined;
  /** When it is asked: suppressions that have expired by then hide nothing. */
  readonly asOf: number;
}

export type LastSort = "lastAt" | "-lastAt";
/** `level`: worst first, then latest; `-lastEventAt`: latest first. */
export type FindingSort = "level" | "-lastEventAt";

/**
 * What has no known end counts as live for so long after its last event: CloudTrail is some five
 * minutes late, and agents pause to think.
 */
export const liveMs = 15 * 60_000;

/** One access key in one session; a long-term key has a session a day or more. */
export interface ListedCredential extends Pick<
  Credential, "accessKeyId" | "expiresAt" | "firstAt" | "lastAt" | "useCount" | "kind"
> {
  readonly sessionId: string;
  readonly account: string | null;
  readonly agent: string | null;
  readonly roleArn: string | null;
}

export type LevelCounts = Readonly<Partial<Record<Level, number>>>;

/** What an agent's, or a role's, sessions come to. */
export interface Activity {
  readonly sessionCount: number;
  readonly eventCount: number;
  /** Of access write, permissions or tagging, whatever came of them. */
  readonly writeCount: number;
  readonly deniedCount: number;
  readonly liveCredentialCount: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Findings that are open and not suppressed. */
  readonly openFindings: LevelCounts;
}

export interface AgentActivity extends Activity {
  readonly agent: string;
  readonly status: "declared" | "discovered";
}

export interface RoleActivity extends Activity {
  readonly roleArn: string;
  /** As its last session had it. */
  readonly mode: RoleMode["mode"];
}

/** What is there at one instant: gauges. */
export interface LiveCounts {
  readonly sessions: readonly LiveSessions[];
  readonly credentials: readonly Pick<LiveSessions, "agent" | "count">[];
  /** What the store takes on disk, its log left out. */
  readonly storeBytes: number;
  /** Open and not suppressed, by rule. */
  readonly openFindings: ReadonlyMap<string, LevelCounts>;
  /** Messages that each receiver has not been told; at most {@link backlogMax} are counted. */
  readonly backlog: ReadonlyMap<string, number>;
}

/** How many sessions of one agent live. */
export interface LiveSessions {
  /** Null: of nobody's. */
  readonly agent: string | null;
  readonly status: Attribution["status"];
  readonly count: number;
}

export const backlogMax = 10_000;

/** A finding that counts an event among its evidence (its earliest 20). */
export interface Citation extends Pick<Finding, "id" | "rule" | "level"> {
  readonly eventIds: readonly string[];
}

/** Lists as people and dashboards ask for them: a page at a time, chosen and sorted by columns. */
export interface ListStore {
  listSessions(
    filter: SessionFilter, sort: LastSort, slice: Slice,
  ): Promise<Page<Session>>;
  /**
   * The sessions of this id, the latest first, at most 64: one, but for a sign-in session that went
   * on under several issues or days.
   */
  sessionsById(id: string): Promise<readonly Session[]>;
  listCredentials(
    filter: CredentialFilter, sort: LastSort, slice: Slice,
  ): Promise<Page<ListedCredential>>;
  /** By name. */
  listAgents(slice: Slice, asOf: number): Promise<Page<AgentActivity>>;
  /** By ARN. */
  listRoles(slice: Slice, asOf: number): Promise<Page<RoleActivity>>;
  listFindings(
    filter: FindingFilter, sort: FindingSort, slice: Slice,
  ): Promise<Page<Finding>>;
  /** Findings of the sessions' groups, or about the sessions, that cite one of these events. */
  citations(
    sessions: readonly Pick<Session, "id" | "groupKey">[],
    eventIds: readonly string[],
  ): Promise<readonly Citation[]>;
  /**
   * Keys of the groups that may hold events of this time (`until` exclusive); null where they hold
   * more than `eventCountMax` in all.
   */
  groupsWithin(
    since: number, until: number, eventCountMax: number,
  ): Promise<readonly string[] | null>;
  /** @param receivers whose backlogs are asked for */
  liveCounts(asOf: number, receivers: readonly string[]): Promise<LiveCounts>;
}
