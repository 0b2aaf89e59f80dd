import type { KnownAction } from "../known-actions.ts";
import type { RoleSubject } from "../subject.ts";
import {
  cli, counted, failed, passed, policy, unreadPolicies, type Remedy, type RoleCheck,
} from "../verdict.ts";

/**
 * What a role for reading should not read either: AWS's ReadOnlyAccess lets it.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ReadOnlyAccess.html
 */
const surprising: ReadonlySet<string> = new Set([
  "ec2:GetPasswordData", "ec2:GetConsoleOutput", "ecr:GetAuthorizationToken", "lambda:GetFunction",
  "codecommit:GitPull", "cognito-identity:GetCredentialsForIdentity", "dynamodb:Scan",
  "cognito-identity:GetOpenIdTokenForDeveloperIdentity", "rds:DownloadDBLogFilePortion",
  "sqs:ReceiveMessage", "ssm:GetParameter", "ssm:GetParametersByPath", "sts:GetSessionToken",
  "secretsmanager:GetSecretValue", "kms:Decrypt",
]);
/** Enough to see what it is about. */
const toldMax = 20;

/** A role for reading that may write. */
export const readOnlyWrites: RoleCheck = {
  name: "read-only-writes",
  title: "Role for reading that may write",
  level: "high",
  judge: (subject) => {
    const { mode, permissions } = subject;
    if (mode.mode !== "readonly") return passed("It is not said to be for reading only.");
    const writes = permissions.actions.filter(({ isWriteLike }) => isWriteLike);
    const surprises = permissions.actions.filter(({ name }) => surprising.has(name))
      .map(({ name }) => name);
    const evidence = {
      mode: mode.basis, writeCount: writes.length, surprises,
      writes: writes.slice(0, toldMax).map(({ name }) => name),
    };
    if (writes.length > 0) {
      const some = writes.slice(0, 3).map(({ name }) => name).join(", ");
      return failed(
        `It is for reading, and may do ${counted(writes.length, "writing action")}: ${some}${
          writes.length > 3 ? ", …" : ""}.`,
        evidence, withoutWrites(writes, subject),
      );
    }
    return unreadPolicies(permissions) ?? passed(surprises.length === 0 ? "It may not write."
      : `It may not write, but read more than it seems: ${surprises.join(", ")}.`, evidence);
  },
};

/**
 * What a managed policy holds, white space left out; an inline one holds more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const charactersMax = 6144;

/** Of a role that may do almost anything, a policy that denies it would not fit. */
function withoutWrites(writes: readonly KnownAction[], { role, partition }: RoleSubject): Remedy {
  const deny = policy([{ Effect: "Deny", Action: byService(writes), Resource: "*" }]);
  if (deny.text.replaceAll(/\s/g, "").length <= charactersMax) return deny;
  return cli("iam put-role-permissions-boundary", {
    "role-name": role.name,
    "permissions-boundary": `arn:${partition}:iam::aws:policy/ReadOnlyAccess`,
  });
}

/**
 * As short as it can be. Of a service whose actions are many it
 * denies by verb, which reading ones never begin with.
 */
function byService(writes: readonly KnownAction[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { name } of writes) {
    const service = name.slice(0, name.indexOf(":"));
    groups.set(service, [...(groups.get(service) ?? []), name]);
  }
  return [...groups].flatMap(([service, names]) => names.length <= verbsFrom ? names
    : [...new Set(names.map((name) => `${service}:${verbOf(name.slice(service.length + 1))}*`))]);
}

const verbsFrom = 10;

/** `CreateBucket` -> `Create` */
function verbOf(action: string): string {
  return /^[A-Z]?[a-z0-9]+/.exec(action)?.[0] ?? action;
}
