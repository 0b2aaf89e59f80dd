import type { Config } from "../config/schema.ts";
import type { Issuance } from "./issuance.ts";
import { taskHints, type Hinting } from "./task-hints.ts";
import type { TaskBasis } from "./task.ts";

/** The task a session seems to be for, by itself. Its id is `taskIdOf` its agent and this. */
export interface InferredTask {
  readonly externalId: string;
  readonly basis: Exclude<TaskBasis, "told">;
  readonly confidence: "high" | "medium" | "low";
}

export interface InferredFrom extends Hinting {
  readonly id: string;
  readonly createdAt: number | null;
  readonly issuance: Issuance | null;
  /** `userIdentity.inScopeOf.credentialsIssuedTo`: whose credentials they are. */
  readonly issuedTo: string | null;
}

const confidenceOf = {
  "session-tag": "high",
  "source-identity": "medium",
  "session-name": "medium",
} as const;

/**
 * The first that applies, strongest first: what names it, the run of a pipeline, the workload that
 * the credentials were handed to, and last the session itself, which then ends when nothing is
 * called any more.
 */
export function inferTask(from: InferredFrom, config: Config): InferredTask {
  const [hint] = taskHints(from, config);
  if (hint !== undefined) return { ...hint, confidence: confidenceOf[hint.basis] };
  const subject = githubSubject(from.issuance);
  if (subject !== null) {
    const at = from.createdAt ?? from.issuance?.at;
    const externalId = at === undefined ? subject : `${subject}@${new Date(at).toISOString()}`;
    return { externalId, basis: "oidc-subject", confidence: "medium" };
  }
  const workload = ecsTask(from) ?? from.issuedTo;
  if (workload !== null) {
    const isOneTask = workload !== from.issuedTo;
    return {
      externalId: workload, basis: "workload", confidence: isOneTask ? "medium" : "low",
    };
  }
  return { externalId: from.id, basis: "idle", confidence: "low" };
}

/** Of the principal id that a web identity has: `<provider>:<audience>:<subject>`. */
const github = "oidc-provider/token.actions.githubusercontent.com:";

/** `repo:acme/api:ref:refs/heads/main`: each job of a run asks for a session of its own. */
function githubSubject(issuance: Issuance | null): string | null {
  const id = issuance?.kind === "web-identity" ? issuance.issuer.principalId : null;
  const start = id?.indexOf(github) ?? -1;
  if (id === null || start < 0) return null;
  const subject = id.slice(start + github.length).split(":").slice(1).join(":");
  return subject === "" ? null : subject;
}

/**
 * ECS calls the session of a task's role by the task's id.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
function ecsTask({ sessionName, issuance }: InferredFrom): string | null {
  const isService = issuance?.issuer.kind === "service";
  return isService && sessionName !== null && /^[0-9a-f]{32}$/.test(sessionName)
    ? sessionName
    : null;
}
