import { agentAsPerson } from "./checks/agent-as-person.ts";
import { agentNeverDeclared } from "./checks/agent-never-declared.ts";
import { agentNeverSeen } from "./checks/agent-never-seen.ts";
import { agentUserKeys } from "./checks/agent-user-keys.ts";
import { boundaryMissing } from "./checks/boundary-missing.ts";
import { denyPolicyMissing } from "./checks/deny-policy-missing.ts";
import { editsItself } from "./checks/edits-itself.ts";
import { keyOld } from "./checks/key-old.ts";
import { keyUnused } from "./checks/key-unused.ts";
import { outlivesTasks } from "./checks/outlives-tasks.ts";
import { passRoleAnything } from "./checks/pass-role-anything.ts";
import { passwordWithoutMfa } from "./checks/password-without-mfa.ts";
import { permissionsUnused } from "./checks/permissions-unused.ts";
import { readOnlyWrites } from "./checks/read-only-writes.ts";
import { roleOnlyDenied } from "./checks/role-only-denied.ts";
import { roleUnused } from "./checks/role-unused.ts";
import { sessionTooLong } from "./checks/session-too-long.ts";
import { sharedWithPeople } from "./checks/shared-with-people.ts";
import { trustDangling } from "./checks/trust-dangling.ts";
import { trustTooWide } from "./checks/trust-too-wide.ts";
import { trustUnattributable } from "./checks/trust-unattributable.ts";
import { twoActiveKeys } from "./checks/two-active-keys.ts";
import { zoneOpen } from "./checks/zone-open.ts";
import type { AgentCheck, RoleCheck, SeenRoleCheck, UserCheck } from "./verdict.ts";

/** What our own history answers, without IAM. */
export const seenRoleChecks: readonly SeenRoleCheck[] = [
  roleOnlyDenied, sharedWithPeople, agentAsPerson, outlivesTasks,
];

/** What needs IAM. */
export const roleChecks: readonly RoleCheck[] = [
  roleUnused, sessionTooLong, trustTooWide, trustUnattributable, trustDangling, readOnlyWrites,
  permissionsUnused, passRoleAnything, editsItself, boundaryMissing, denyPolicyMissing,
  zoneOpen,
];

export const userChecks: readonly UserCheck[] = [
  agentUserKeys, keyOld, keyUnused, twoActiveKeys, passwordWithoutMfa,
];

export const agentChecks: readonly AgentCheck[] = [agentNeverSeen, agentNeverDeclared];
