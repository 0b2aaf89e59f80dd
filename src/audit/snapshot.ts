import { z } from "zod";
import { Identities } from "./identities.ts";
import { partOf } from "./part.ts";

/** ms UTC */
const At = z.int();

const ReportedKey = z.object({
  isActive: z.boolean(),
  /** Null where AWS does not say. */
  rotatedAt: At.nullable(),
  /** Null: never. */
  lastUsedAt: At.nullable(),
  lastUsedRegion: z.string().nullable(),
  lastUsedService: z.string().nullable(),
});

/**
 * One line of the credential report.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
 */
const ReportedUser = z.object({
  /** `<root_account>` is the root user. */
  name: z.string(),
  arn: z.string(),
  createdAt: At.nullable(),
  /** Null where AWS does not say: for the root user. */
  hasPassword: z.boolean().nullable(),
  /** Null: never, or not that AWS knows. */
  passwordLastUsedAt: At.nullable(),
  passwordChangedAt: At.nullable(),
  hasMfa: z.boolean(),
  /** Active and inactive ones, up to two; their ids are in the user's `accessKeys`. */
  accessKeys: z.array(ReportedKey),
  activeCertificateCount: z.int(),
});
export type ReportedUser = z.infer<typeof ReportedUser>;

/** As AWS made it: at most every four hours. */
const CredentialReport = z.object({ generatedAt: At, users: z.array(ReportedUser) });
export type CredentialReport = z.infer<typeof CredentialReport>;

const OidcProvider = z.object({
  arn: z.string(),
  /** `token.actions.githubusercontent.com`, without a scheme, as AWS writes it. */
  url: z.string(),
  /** The audiences it accepts. */
  clientIds: z.array(z.string()),
  createdAt: At.nullable(),
});
export type OidcProvider = z.infer<typeof OidcProvider>;

const SamlProvider = z.object({
  arn: z.string(),
  createdAt: At.nullable(),
  validUntil: At.nullable(),
});
export type SamlProvider = z.infer<typeof SamlProvider>;

/** One account. Each part is known, or says why not; the rest goes on without it. */
export const Account = z.object({
  id: z.string().regex(/^\d{12}$/, "an account id"),
  /** `aws`, `aws-cn`, …; as its ARNs have it. */
  partition: z.string(),
  /** Of its organisation: no service control policy binds it. Null where nobody says. */
  isManagement: z.boolean().nullable(),
  /** `iam:GetAccountAuthorizationDetails` */
  identities: partOf(Identities),
  /** `iam:GetCredentialReport` */
  credentialReport: partOf(CredentialReport),
  /** `iam:ListOpenIDConnectProviders` */
  oidcProviders: partOf(z.array(OidcProvider)),
  /** `iam:ListSAMLProviders` */
  samlProviders: partOf(z.array(SamlProvider)),
  /**
   * `iam:GetAccountSummary`: `Users`, `AccountMFAEnabled`, `AccountAccessKeysPresent`, …
   * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
   */
  summary: partOf(z.record(z.string(), z.int())),
});
export type Account = z.infer<typeof Account>;

/** Names the file's kind, and its version: only what is added to leaves it as it is. */
const snapshotFormat = "trailwarden-identities-1";

/** Who there is in some accounts, and what they may do, as IAM told it. */
export const Snapshot = z.object({
  format: z.literal(snapshotFormat),
  startedAt: At,
  /** Null while parts are yet to be asked for: a run that broke off goes on from here. */
  finishedAt: At.nullable(),
  accounts: z.array(Account),
});
export type Snapshot = z.infer<typeof Snapshot>;

export function emptySnapshot(startedAt: number): Snapshot {
  return { format: snapshotFormat, startedAt, finishedAt: null, accounts: [] };
}

/** What is in a file; a sentence where that is no snapshot. */
export function readSnapshot(text: string): Snapshot | string {
  const read = Snapshot.safeParse(jsonOrNull(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue === undefined || issue.path.length === 0) return "It is no JSON object.";
  return issue.path[0] === "format"
    ? `It is not of the format ${snapshotFormat}.`
    : `At ${issue.path.join(".")}: ${issue.message}.`;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
