import type { ZoneConfig } from "../config/schema.ts";
import type { RoleMode } from "../sessions/attribution.ts";
import type { Role, User } from "./identities.ts";
import type { Observed } from "./observed.ts";
import type { Part } from "./part.ts";
import type { Permissions } from "./permissions.ts";
import type { ReportedUser } from "./snapshot.ts";

/** A role, as far as our own history tells of it. */
export interface SeenRole {
  /** Without its path where no record told it. */
  readonly role: Pick<Role, "arn" | "name" | "path">;
  /** Null: our history knows nothing of its account. */
  readonly observed: Observed | null;
}

/** A role, with all that checks may know of it. */
export interface RoleSubject extends SeenRole {
  /** Whose it is. */
  readonly account: string;
  /** `aws`, as in its ARN. */
  readonly partition: string;
  readonly role: Role;
  readonly permissions: Permissions;
  readonly mode: RoleMode;
  /** To the agents that it is declared for, or was seen with. */
  readonly forbiddenZones: readonly ZoneConfig[];
}

export interface UserSubject {
  readonly account: string;
  readonly user: User;
  /** Its line of the credential report; null: it was made since. */
  readonly reported: Part<ReportedUser | null>;
  readonly observed: Observed | null;
}

/** An agent, as the config declares it, or as it was seen. */
export interface AgentSubject {
  readonly name: string;
  readonly isDeclared: boolean;
  /** ms UTC; null: never, in all of our history. */
  readonly lastSeenAt: number | null;
  /** Roles it was seen with. */
  readonly roleArns: readonly string[];
  /** Since when our history goes, ms UTC; null: there is none. */
  readonly watchedFrom: number | null;
}
