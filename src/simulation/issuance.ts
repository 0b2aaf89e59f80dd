import type { Caller, From, Issued } from "./caller.ts";
import { roleCaller, sessionArn } from "./caller.ts";
import type { Logged, Parts } from "./call.ts";
import { writeRecord } from "./call.ts";
import { second, usText } from "./instant.ts";
import type { Operation } from "./operations/operation.ts";
import { operations } from "./operations/catalogue.ts";
import type { Random } from "./random.ts";
import { base64, stream } from "./random.ts";
import type { Role } from "./world.ts";
import { accessKeyId } from "./world.ts";

export interface Request {
  readonly role: Role;
  readonly sessionName: string;
  readonly seconds: number;
  readonly at: number;
  readonly region: string;
  readonly random: Random;
  readonly sourceIdentity?: string | null;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

export interface Opening {
  readonly issued: Issued;
  readonly events: readonly Logged[];
}

/**
 * AssumeRole by a role session, a user or a service. Across accounts the role's owner gets a copy
 * of its own, with less of the caller and the same `sharedEventID`. A service's has a shared id
 * too, but no copy anyone sees.
 */
export function assumeRole(issuer: Caller, request: Request): Opening {
  const { role, random } = request;
  const issued = issue(request);
  const isService = issuer.arn.endsWith(".amazonaws.com");
  const isForeign = issuer.account !== role.account;
  const sharedId = isService || isForeign ? random.uuid() : null;
  const parts = stsRecord("AssumeRole", { issued, request, userAgent: agentOf(issuer, random) });
  const own = writeRecord(issuer, { ...parts, sharedId });
  if (!isForeign) return { issued, events: [own] };
  const foreign: Caller = {
    ...issuer,
    account: role.account,
    identity: foreignIdentity(issuer),
  };
  const copy = writeRecord(foreign, { ...parts, sharedId, eventId: random.uuid() });
  return { issued, events: [own, copy] };
}

function foreignIdentity(issuer: Caller) {
  const principalId = issuer.identity?.["principalId"];
  return { type: "AWSAccount", principalId, accountId: issuer.account };
}

export interface Federation {
  /** The provider's host, `token.actions.githubusercontent.com`. */
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
}

/** AssumeRoleWithWebIdentity: logged in the role's account, by a caller that has no key. */
export function assumeWithWebIdentity(federation: Federation, request: Request & From): Opening {
  const issued = issue(request);
  const { provider, audience, subject } = federation;
  const providerArn = `arn:aws:iam::${request.role.account}:oidc-provider/${provider}`;
  const base = roleCaller(issued, request);
  const caller: Caller = {
    ...base,
    identity: {
      type: "WebIdentityUser",
      principalId: `${providerArn}:${audience}:${subject}`,
      userName: subject,
      identityProvider: providerArn,
    },
  };
  const userAgent = agentOf(base, request.random);
  const name = "AssumeRoleWithWebIdentity";
  const parts = stsRecord(name, { issued, request, userAgent });
  const subjectFromWebIdentityToken = subject;
  const response = { ...parts.effect.response, provider: providerArn, audience };
  const effect = { ...parts.effect, response: { ...response, subjectFromWebIdentityToken } };
  return { issued, events: [writeRecord(caller, { ...parts, effect })] };
}

/**
 * AssumeRoleWithSAML: how Identity Center opens a permission set's role. The key it logs is not the
 * key that is used afterwards, so the issue returned has another one.
 */
export function assumeWithSaml(userName: string, request: Request & From): Opening {
  const logged = issue(request);
  const { role, random } = request;
  const provider = `arn:aws:iam::${role.account}:saml-provider/AWSSSO_SIM_DO_NOT_DELETE`;
  const base = roleCaller(logged, request);
  const caller: Caller = {
    ...base,
    address: "AWS Internal",
    identity: {
      type: "SAMLUser",
      principalId: `SIMULATED/nameQualifier:${userName}`,
      userName,
      identityProvider: "SIMULATED/nameQualifier",
    },
  };
  const userAgent = "AWS Internal";
  const parts = stsRecord("AssumeRoleWithSAML", { issued: logged, request, userAgent });
  const saml = { sAMLAssertionID: `_${random.uuid()}`, principalArn: provider };
  const response = { ...parts.effect.response, subject: userName, subjectType: "persistent" };
  const effect = {
    ...parts.effect,
    request: { ...saml, ...parts.effect.request },
    response: { ...response, nameQualifier: "SIMULATED/nameQualifier" },
  };
  const issued = { ...logged, accessKeyId: accessKeyId("ASIA", random) };
  return { issued, events: [writeRecord(caller, { ...parts, effect })] };
}

function issue(request: Request): Issued {
  const { role, sessionName, seconds, random } = request;
  const createdAt = request.at - (request.at % second);
  return {
    role,
    sessionName,
    accessKeyId: accessKeyId("ASIA", random),
    createdAt,
    expiresAt: createdAt + seconds * second,
    sourceIdentity: request.sourceIdentity ?? null,
  };
}

interface Minting {
  readonly issued: Issued;
  readonly request: Request;
  readonly userAgent: string;
}

/**
 * What every STS issuance logs: read-only though it mints, the token in clear, the role as a
 * resource.
 */
function stsRecord(name: string, { issued, request, userAgent }: Minting): Parts {
  const { role, sessionName, sourceIdentity } = issued;
  const { random, seconds, tags, region } = request;
  const identity = sourceIdentity === null ? {} : { sourceIdentity };
  return {
    at: issued.createdAt,
    region,
    source: "sts.amazonaws.com",
    name,
    userAgent,
    error: null,
    effect: {
      request: {
        roleArn: role.arn,
        roleSessionName: sessionName,
        durationSeconds: seconds,
        ...identity,
        ...(tags === undefined ? {} : { tags }),
      },
      response: {
        credentials: {
          accessKeyId: issued.accessKeyId,
          sessionToken: sessionToken(random),
          expiration: usText(issued.expiresAt),
        },
        assumedRoleUser: { assumedRoleId: `${role.id}:${sessionName}`, arn: sessionArn(issued) },
        ...identity,
      },
      resources: [{ accountId: role.account, type: "AWS::IAM::Role", ARN: role.arn }],
    },
    additional: { RequestDetails: { endpointType: "regional", awsServingRegion: region } },
    requestId: random.uuid(),
    eventId: random.uuid(),
    readOnly: true,
    isData: false,
    sharedId: null,
  };
}

function agentOf(caller: Caller, random: Random): string {
  return caller.client(assumeRoleOperation, random);
}

const assumeRoleOperation: Operation = {
  ...operations["sts:GetCallerIdentity"],
  name: "AssumeRole",
  action: "sts:AssumeRole",
  command: "sts.assume-role",
};

/** ~400 characters like a session token's, and not to be mistaken for one. */
function sessionToken(random: Random): string {
  const from = random.between(0, tokenPool.length - 400);
  return `SIMULATED${tokenPool.slice(from, from + 390)}=`;
}

// Long enough that tokens in one file rarely overlap within gzip's window: slices cost a hundredth
// of drawing anew.
const tokenPool = stream("session token text").text(64 * 1024, base64);
