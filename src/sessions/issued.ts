import { readArn, readAssumedRole, readRoleArn } from "../events/arn.ts";
import type { TrailEvent } from "../events/event.ts";
import { fieldsOf, listOf, textOf, type Fields } from "../events/field.ts";
import { readExpiration } from "../events/instant.ts";
import { fingerprintsOf } from "./fingerprint.ts";
import { groupKey } from "./group.ts";
import type { Issuance, IssuanceKind, Issuer } from "./issuance.ts";
import { signInSessionOf } from "./lane.ts";

/** The credential an event minted; null for every other event, and for a mint that failed. */
export function issuanceOf(event: TrailEvent): Issuance | null {
  if (event.result.outcome !== "allowed") return null;
  const kind = kindOf(event);
  if (kind === undefined) return null;
  const asked = fieldsOf(event.record["requestParameters"]);
  const answer = answerOf(kind, event);
  const credentials = fieldsOf(answer["credentials"]);
  const opened = openedBy({ kind, asked, answer, event });
  return {
    eventKey: event.key,
    eventId: event.id,
    at: event.at,
    kind,
    accessKeyId: textOf(credentials["accessKeyId"]),
    principalId: opened.principalId,
    roleArn: opened.roleArn,
    sessionName: opened.sessionName,
    expiresAt: readExpiration(credentials["expiration"]),
    requestedSeconds: secondsOf(asked["durationSeconds"]),
    sourceIdentity: textOf(answer["sourceIdentity"]) ?? textOf(asked["sourceIdentity"]),
    tags: tagsOf(asked),
    policyArns: policyArnsOf(asked),
    signInSessionArn: kind === "sign-in" ? signInOf(event) : null,
    issuer: issuerOf(event),
    sharedId: event.sharedId,
  };
}

/**
 * The calls that mint a temporary credential for an AWS API.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
 */
const kinds: ReadonlyMap<string, IssuanceKind> = new Map([
  ["sts.amazonaws.com:AssumeRole", "assume-role"],
  ["sts.amazonaws.com:AssumeRoleWithWebIdentity", "web-identity"],
  ["sts.amazonaws.com:AssumeRoleWithSAML", "saml"],
  ["sts.amazonaws.com:GetSessionToken", "session-token"],
  ["sts.amazonaws.com:GetFederationToken", "federation-token"],
  ["sts.amazonaws.com:AssumeRoot", "assume-root"],
  ["sts.amazonaws.com:GetDelegatedAccessToken", "delegated"],
  ["eks-auth.amazonaws.com:AssumeRoleForPodIdentity", "pod-identity"],
  ["rolesanywhere.amazonaws.com:CreateSession", "roles-anywhere"],
  ["s3.amazonaws.com:CreateSession", "s3-session"],
  ["s3express.amazonaws.com:CreateSession", "s3-session"],
  ["sso.amazonaws.com:GetRoleCredentials", "sso-role"],
  ["signin.amazonaws.com:CreateOAuth2Token", "sign-in"],
]);

function kindOf({ source, name }: Pick<TrailEvent, "source" | "name">): IssuanceKind | undefined {
  return kinds.get(`${source}:${name}`);
}

/** Whether it is one of those calls. */
export function mayIssue(call: Pick<TrailEvent, "source" | "name">): boolean {
  return kindOf(call) !== undefined;
}

/** The names of those calls: each record of one contains one of these. */
export const issuingNames: readonly string[] = [
  ...new Set([...kinds.keys()].map((key) => key.slice(key.indexOf(":") + 1))),
];

/**
 * `responseElements`, in Roles Anywhere one of `credentialSet[]`, in Identity Center
 * `serviceEventDetails`.
 */
function answerOf(kind: IssuanceKind, { record }: TrailEvent): Fields {
  const response = fieldsOf(record["responseElements"]);
  if (kind === "roles-anywhere") return fieldsOf(listOf(response["credentialSet"])[0]);
  if (kind === "sso-role") return fieldsOf(record["serviceEventDetails"]);
  return response;
}

type Opened = Pick<Issuance, "principalId" | "roleArn" | "sessionName">;

interface Mint {
  readonly kind: IssuanceKind;
  readonly asked: Fields;
  readonly answer: Fields;
  readonly event: TrailEvent;
}

function openedBy(mint: Mint): Opened {
  const { kind, asked, answer, event } = mint;
  switch (kind) {
    case "assume-role":
    case "web-identity":
    case "saml":
    case "pod-identity":
    case "roles-anywhere":
    case "delegated":
      return openedRole(mint);
    case "session-token":
    case "sign-in":
    case "s3-session":
      return { principalId: event.principal.id, roleArn: null, sessionName: null };
    case "federation-token": {
      const id = textOf(fieldsOf(answer["federatedUser"])["federatedUserId"]);
      return { principalId: id, roleArn: null, sessionName: textOf(asked["name"]) };
    }
    case "assume-root": {
      const target = textOf(asked["targetPrincipal"]);
      const account = target === null ? null : (readArn(target)?.account ?? target);
      return { principalId: account, roleArn: null, sessionName: null };
    }
    case "sso-role":
      return { principalId: null, roleArn: null, sessionName: null };
  }
}

/**
 * The role session: told by `assumedRoleUser` where it is there (calls by EC2 leave it out; EKS's
 * model spells the id `assumeRoleId`), else by the request.
 */
function openedRole({ asked, answer, event }: Mint): Opened {
  const user = fieldsOf(answer["assumedRoleUser"]);
  const session = readAssumedRole(textOf(user["arn"]) ?? "");
  const asksFor = textOf(asked["roleArn"]) ?? textOf(answer["roleArn"]) ?? roleAmong(event);
  const role = session === null
    ? null
    : `arn:${session.partition}:iam::${session.account}:role/${session.roleName}`;
  return {
    principalId: textOf(user["assumedRoleId"]) ?? textOf(user["assumeRoleId"]),
    roleArn: asksFor ?? role,
    sessionName: session?.sessionName ?? textOf(asked["roleSessionName"]),
  };
}

function roleAmong({ resources }: TrailEvent): string | null {
  return resources.find(({ arn }) => readRoleArn(arn) !== null)?.arn ?? null;
}

function secondsOf(value: unknown): number | null {
  const seconds = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds : null;
}

/** AWS allows 50 tags with keys of 128 and values of 256 characters. */
const [tagsMax, tagKeyMax, tagValueMax] = [50, 128, 256];

/** Session tags: from the request, the identity provider and, on a chain, the calling session. */
function tagsOf(asked: Fields): Readonly<Record<string, string>> {
  const listed = listOf(asked["tags"]).map(fieldsOf);
  const pairs = [
    ...Object.entries(fieldsOf(asked["incomingTransitiveTags"])),
    ...Object.entries(fieldsOf(asked["principalTags"])),
    ...listed.map((tag) => [tag["key"], tag["value"]] as const),
  ];
  const tags = new Map<string, string>();
  for (const [key, value] of pairs) {
    const isTag = typeof key === "string" && key !== "" && typeof value === "string";
    if (isTag && key !== "__proto__" && (tags.has(key) || tags.size < tagsMax)) {
      tags.set(key.slice(0, tagKeyMax), value.slice(0, tagValueMax));
    }
  }
  return Object.fromEntries(tags);
}

/** `policyArns: [{arn}]`, and the one policy of AssumeRoot. AWS allows ten. */
function policyArnsOf(asked: Fields): readonly string[] {
  const listed = [...listOf(asked["policyArns"]), asked["taskPolicyArn"]];
  return listed.map((policy) => textOf(fieldsOf(policy)["arn"])).filter((arn) => arn !== null)
    .slice(0, 11);
}

/** `aws login` and MCP grants tell the session they opened in `additionalEventData`. */
function signInOf(event: TrailEvent): string | null {
  const extra = fieldsOf(event.record["additionalEventData"]);
  return textOf(extra["signInSessionArn"]) ?? signInSessionOf(event);
}

function issuerOf(event: TrailEvent): Issuer {
  const { principal, network } = event;
  return {
    kind: principal.kind,
    groupKey: groupKey(event),
    principalId: principal.id,
    accessKeyId: principal.accessKeyId,
    roleArn: principal.role?.arn ?? null,
    account: principal.account,
    network: network.name,
    networkKind: principal.invokedBy === null ? network.kind : "service",
    userAgent: event.userAgent.text,
    fingerprint: fingerprintsOf(event)[0] ?? null,
  };
}
