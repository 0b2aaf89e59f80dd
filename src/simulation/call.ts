import type { RawRecord } from "../records/record.ts";
import type { Caller } from "./caller.ts";
import { isoSeconds } from "./instant.ts";
import type { Effect, Operation } from "./operations/operation.ts";
import { outcomeOf } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import type { Random } from "./random.ts";
import { base64 } from "./random.ts";
import type { World } from "./world.ts";

/** A record and where CloudTrail logs it. */
export interface Logged {
  /** `eventTime`, whole seconds in ms. */
  readonly at: number;
  readonly account: string;
  readonly region: string;
  readonly eventId: string;
  readonly record: RawRecord;
}

/** One API call about to be made. */
export interface Call {
  readonly world: World;
  readonly operation: Operation;
  readonly region: string;
  readonly at: number;
  readonly random: Random;
  /** Default: allowed. */
  readonly outcome?: Outcome;
  /** Instead of what the operation would draw. */
  readonly effect?: Effect;
  /** Instead of a fresh one: a tool event and its downstream call have it in common. */
  readonly requestId?: string;
}

/** The call as CloudTrail records it in the caller's account. */
export function makeCall(caller: Caller, call: Call): Logged {
  const { operation, random, world } = call;
  const region = operation.home ?? call.region;
  const at = call.at - (call.at % 1000);
  const inventory = world.inventory(caller.account);
  const intended = call.effect ?? operation.effect({ region, at, inventory, random });
  const outcome = call.outcome ?? "allowed";
  const { error, effect } = outcomeOf(outcome, { caller, operation, effect: intended, region });
  const isS3 = operation.source === "s3.amazonaws.com";
  const userAgent = caller.client(operation, random);
  return writeRecord(caller, {
    at,
    region,
    source: operation.source,
    name: operation.name,
    userAgent: isS3 ? `[${userAgent}]` : userAgent,
    error,
    effect,
    additional: isS3 ? s3Details(random) : null,
    requestId: call.requestId ?? requestIdOf(isS3, random),
    eventId: random.uuid(),
    readOnly: operation.readOnly,
    isData: operation.isData,
    sharedId: null,
  });
}

/** A record's own parts, where {@link Caller} gives the others. */
export interface Parts {
  readonly at: number;
  readonly region: string;
  readonly source: string;
  readonly name: string;
  readonly userAgent: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly effect: Effect;
  readonly additional: RawRecord | null;
  readonly requestId: string;
  readonly eventId: string;
  readonly readOnly: boolean;
  readonly isData: boolean;
  readonly sharedId: string | null;
  /** Default: AwsApiCall. */
  readonly type?: string;
}

/** The record, its keys in the order AWS writes them. */
export function writeRecord(caller: Caller, parts: Parts): Logged {
  const { effect, error } = parts;
  const record: Record<string, unknown> = {
    eventVersion: versions[parts.source] ?? "1.11",
    userIdentity: caller.identity,
    eventTime: isoSeconds(parts.at),
    eventSource: parts.source,
    eventName: parts.name,
    awsRegion: parts.region,
    sourceIPAddress: caller.address,
    userAgent: parts.userAgent,
  };
  if (error !== null) {
    record["errorCode"] = error.code;
    record["errorMessage"] = error.message;
  }
  record["requestParameters"] = effect.request;
  record["responseElements"] = effect.response ?? null;
  if (parts.additional !== null) record["additionalEventData"] = parts.additional;
  record["requestID"] = parts.requestId;
  record["eventID"] = parts.eventId;
  record["readOnly"] = parts.readOnly;
  if (effect.resources !== undefined) record["resources"] = effect.resources;
  record["eventType"] = parts.type ?? "AwsApiCall";
  record["managementEvent"] = !parts.isData;
  record["recipientAccountId"] = caller.account;
  if (parts.sharedId !== null) record["sharedEventID"] = parts.sharedId;
  if (caller.vpcEndpointId !== null) {
    record["vpcEndpointId"] = caller.vpcEndpointId;
    record["vpcEndpointAccountId"] = caller.account;
  }
  record["eventCategory"] = parts.isData ? "Data" : "Management";
  if (isDirect(caller, parts)) record["tlsDetails"] = tlsDetails(parts.source, parts.region);
  if (caller.fromConsole) record["sessionCredentialFromConsole"] = "true";
  const { at, region, eventId } = parts;
  return { at, account: caller.account, region, eventId, record };
}

/** Sources that lag behind the newest version, as in real logs. */
const versions: Readonly<Record<string, string>> = {
  "ec2.amazonaws.com": "1.10",
  "lambda.amazonaws.com": "1.10",
  "sts.amazonaws.com": "1.08",
  "logs.amazonaws.com": "1.09",
};

/** Calls that AWS makes itself, and the console's, show no TLS of the client. */
function isDirect(caller: Caller, parts: Parts): boolean {
  return !caller.fromConsole && !caller.address.endsWith(".com") && parts.type === undefined;
}

export function tlsDetails(source: string, region: string): RawRecord {
  const key = `${source} ${region}`;
  const known = tlsOf.get(key);
  if (known !== undefined) return known;
  const service = source.slice(0, source.indexOf("."));
  const host = service === "iam" ? "iam.amazonaws.com" : `${service}.${region}.amazonaws.com`;
  const details = {
    tlsVersion: "TLSv1.3",
    cipherSuite: "TLS_AES_128_GCM_SHA256",
    clientProvidedHostHeader: host,
    ...(service === "s3" || service === "kms" ? { keyExchange: "X25519MLKEM768" } : {}),
  };
  tlsOf.set(key, details);
  return details;
}

// A few dozen values that half of all records carry; they depend on nothing but their key.
const tlsOf = new Map<string, RawRecord>();

function s3Details(random: Random): RawRecord {
  return {
    SignatureVersion: "SigV4",
    CipherSuite: "TLS_AES_128_GCM_SHA256",
    bytesTransferredIn: 0,
    AuthenticationMethod: "AuthHeader",
    "x-amz-id-2": `${random.text(75, base64)}=`,
    bytesTransferredOut: random.between(120, 90_000),
  };
}

function requestIdOf(isS3: boolean, random: Random): string {
  return isS3 ? random.hex(16).toUpperCase() : random.uuid();
}

