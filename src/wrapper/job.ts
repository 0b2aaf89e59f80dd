import { Issuer } from "../aws/issue.ts";
import type { IssuedCredentials } from "../aws/session-wanted.ts";
import type { Config } from "../config/schema.ts";
import { stateFolder } from "../tasks/backlog.ts";
import { credentialCall, isoAt } from "../tasks/call.ts";
import type { ServiceAddress } from "../tasks/service.ts";
import { approved } from "./approval.ts";
import type { Environment } from "./child-environment.ts";
import { webIdentity } from "./identity.ts";
import { openTask, type OpenTask } from "./opening.ts";
import type { Plan } from "./plan.ts";
import { serviceAddress, sessionPolicyText, type FoundConfig } from "./run-config.ts";

/** What is to be done, with all it takes. */
export interface Job {
  readonly plan: Plan;
  readonly config: Config;
  readonly address: ServiceAddress | null;
  readonly issuer: Issuer;
  readonly policy: string | null;
  readonly stateFolder: string;
  /** Says something to whoever started us. */
  readonly say: (sentence: string) => void;
}

/** A UsageError says what cannot be used. */
export async function jobOf(
  plan: Plan,
  { config, file }: FoundConfig,
  { environment, say }: { readonly environment: Environment } & Pick<Job, "say">,
): Promise<Job> {
  for (const note of plan.notes) say(note);
  return {
    plan,
    config,
    address: serviceAddress(config, environment),
    issuer: new Issuer(config.aws, {
      webToken: webIdentity(config.run, environment), profile: config.run.profile,
    }),
    policy: await sessionPolicyText(plan.sessionPolicy, file),
    stateFolder: config.run.stateDir ?? stateFolder(environment),
    say,
  };
}

/** The job's task, known to the service, or kept for it. */
export async function opened(
  { plan, address, config: { run }, stateFolder: folder, say }: Job,
  { isBeating, mayJoin }: { readonly isBeating: boolean; readonly mayJoin: boolean },
): Promise<OpenTask> {
  return await openTask({
    plan, address, mayJoin, say,
    offline: run.offline,
    stateFolder: folder,
    heartbeatSeconds: isBeating ? run.heartbeatSeconds : null,
  });
}

/** Once whoever has to has said yes; at once where nobody has to. */
export async function permitted(job: Job, task: OpenTask, signal: AbortSignal): Promise<void> {
  const { plan, address, config: { run: { approvalSeconds } }, say } = job;
  if (!plan.needsApproval) return;
  if (address === null) throw new Error("A task without a service was opened for approval.");
  const { id: taskId, externalId } = task;
  await approved({ plan, taskId, externalId, address, approvalSeconds, signal, say });
}

/** A new credential; the service is told of it, beside. Throws an AwsFault. */
export async function issue(
  { plan: { session }, policy, issuer }: Job,
  { id, reporter }: OpenTask,
): Promise<IssuedCredentials> {
  const credentials = await issuer.issue({ ...session, policy });
  void reporter.tell(credentialCall(id, {
    accessKeyId: credentials.accessKeyId,
    roleArn: session.roleArn,
    sessionName: session.sessionName,
    issuedAt: isoAt(Date.now()),
    expiresAt: isoAt(credentials.expiresAt),
  }));
  return credentials;
}
