import { createHash } from "node:crypto";
import type { ResponseConfig, RevocationTrigger } from "../config/schema.ts";
import type { Finding } from "../findings/finding.ts";
import { isFor } from "../notices/routing.ts";
import type { Task } from "../sessions/task.ts";
import type { RevocationRequest, Trigger } from "./revocation.ts";
import { targetText, type Target } from "./target.ts";

/** Of a trigger's own choice, and when it is decided (ms UTC). */
export interface Wishing {
  readonly config: Pick<ResponseConfig, "triggers" | "enabled">;
  readonly asOf: number;
}

/**
 * What the config's triggers ask for because of a finding, each target once; a finding that nobody
 * has to act on (closed, suppressed) asks for nothing.
 */
export function wishesOf(
  finding: Finding,
  { config, asOf }: Wishing,
): readonly RevocationRequest[] {
  const { status, verdict, rule, level, fingerprint, because } = finding;
  if (verdict !== null || (status !== "open" && status !== "acknowledged")) return [];
  const trigger: Trigger = { by: "rule", rule, level, subject: fingerprint };
  const wishes = config.triggers
    .filter((one) => isFor(finding, one.only) && isMode(finding, one.modes))
    .flatMap(({ target }) => targetIn(finding, target) ?? [])
    .map((target) => wish(target, { trigger, reason: because, by: `rule:${rule}` }, {
      isDryRun: !config.enabled, asOf,
    }));
  return [...new Map(wishes.map((one) => [one.id, one])).values()];
}

/** For one credential of a task that ended, of which it was said that they are to be revoked. */
export function wishOfTask(
  { id, externalId, agent }: Task,
  accessKeyId: string,
  { config, asOf }: Wishing,
): RevocationRequest {
  const trigger: Trigger = { by: "task-end", rule: null, level: null, subject: id };
  const reason = `The task ${externalId} of ${agent} has ended.`;
  return wish({ kind: "credential", accessKeyId }, { trigger, reason, by: `task:${externalId}` }, {
    isDryRun: !config.enabled, asOf,
  });
}

/** The id follows from who asks for what: asked again, it is the same. */
function wish(
  target: Target,
  { trigger, reason, by: requestedBy }: {
    readonly trigger: Trigger; readonly reason: string; readonly by: string;
  },
  { isDryRun, asOf: requestedAt }: { readonly isDryRun: boolean; readonly asOf: number },
): RevocationRequest {
  const what = JSON.stringify([trigger.by, trigger.subject, targetText(target), isDryRun]);
  const id = createHash("sha256").update(what).digest("hex").slice(0, 32);
  const request = { id, target, trigger, reason, requestedBy, requestedAt };
  return isDryRun ? { ...request, isDryRun } : request;
}

function isMode({ role }: Finding, modes: RevocationTrigger["modes"]): boolean {
  return modes.length === 0 || modes.some((mode) => mode === role?.mode);
}

/** Null: the finding is about none. */
function targetIn(
  { session, credential, agent, role }: Finding,
  kind: RevocationTrigger["target"],
): Target | null {
  switch (kind) {
    case "session":
      return session && { kind, id: session.id };
    case "credential":
      return credential && { kind, accessKeyId: credential.accessKeyId };
    case "agent":
      return agent && { kind, name: agent.name };
    case "role":
      return role && { kind, arn: role.arn };
    default:
      return kind satisfies never;
  }
}
