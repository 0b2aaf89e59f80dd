import { fieldsOf, truthOf } from "./field.ts";

/** Whether a call to a sensitive operation is one, by its parameters and by who called for whom. */
export type SensitiveRead = (evidence: SensitiveEvidence) => boolean;

export interface SensitiveEvidence {
  readonly parameters: unknown;
  /** A service that called on the principal's behalf; null when the principal called itself. */
  readonly invokedBy: string | null;
}

/** Null for operations that hand out nothing worth stealing. */
export function sensitiveReadOf(operation: string): SensitiveRead | null {
  return sensitiveReads.get(operation) ?? null;
}

const always: SensitiveRead = () => true;

/**
 * Plain parameters are public or harmless mostly. Without parameters (a denied call's are nulled)
 * the worst is assumed.
 */
const whenDecrypting: SensitiveRead = ({ parameters }) => {
  if (typeof parameters !== "object" || parameters === null) return true;
  return truthOf(fieldsOf(parameters).withDecryption) === true;
};

/**
 * A service decrypts on nearly every read of encrypted data; the call it does so for is a record of
 * its own.
 */
const whenDirect: SensitiveRead = ({ invokedBy }) =>
  invokedBy === null || invokedBy === "aws-mcp.amazonaws.com";

const whenUserData: SensitiveRead = ({ parameters }) =>
  fieldsOf(parameters).attribute === "userData";

/** Calls that hand out secrets, credentials, code or the account's whole rights. */
const sensitiveReads: ReadonlyMap<string, SensitiveRead> = new Map<string, SensitiveRead>([
  ["secretsmanager:GetSecretValue", always],
  ["secretsmanager:BatchGetSecretValue", always],
  ["ssm:GetParameter", whenDecrypting],
  ["ssm:GetParameters", whenDecrypting],
  ["ssm:GetParameterHistory", whenDecrypting],
  ["ssm:GetParametersByPath", always],
  ["kms:Decrypt", whenDirect],
  ["ec2:GetPasswordData", always],
  ["ec2:DescribeInstanceAttribute", whenUserData],
  ["ec2:GetConsoleOutput", always],
  ["ec2:GetConsoleScreenshot", always],
  ["lambda:GetFunction", always], // a link to the code, and the environment
  ["ecr:GetAuthorizationToken", always],
  ["ecr:GetDownloadUrlForLayer", always],
  ["dynamodb:Scan", always],
  ["dynamodb:ExportTableToPointInTime", always],
  ["rds:DownloadDBLogFilePortion", always],
  ["rds:DownloadCompleteDBLogFile", always],
  ["glue:GetConnection", always], // passwords
  ["glue:GetConnections", always],
  ["codebuild:BatchGetProjects", always], // the environment
  ["cloudformation:GetTemplate", always],
  ["iam:GetAccountAuthorizationDetails", always],
  ["iam:GetCredentialReport", always],
  ["sso:GetRoleCredentials", always],
  ["cognito-identity:GetCredentialsForIdentity", always],
  ["lightsail:GetInstanceAccessDetails", always],
  ["lightsail:GetRelationalDatabaseMasterUserPassword", always],
  ["lightsail:DownloadDefaultKeyPair", always],
]);
