import type { Identities } from "../../src/audit/identities.ts";
import { knownPart, notAsked } from "../../src/audit/part.ts";
import type { Account } from "../../src/audit/snapshot.ts";
import { account, now } from "./subjects.ts";

/** An account of which IAM told who there is, and nothing else. */
export function accountWith(identities: Partial<Identities>, id = account): Account {
  return {
    id, partition: "aws", isManagement: null,
    identities: knownPart({ users: [], groups: [], roles: [], policies: [], ...identities }, now),
    credentialReport: notAsked("iam:GetCredentialReport"),
    oidcProviders: notAsked("iam:ListOpenIDConnectProviders"),
    samlProviders: notAsked("iam:ListSAMLProviders"),
    summary: notAsked("iam:GetAccountSummary"),
  };
}
