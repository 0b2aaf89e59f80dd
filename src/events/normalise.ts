import type { RawRecord, RejectReason } from "../records/record.ts";
import { classify, createCallLookup, type Call } from "./access.ts";
import type { AccessLevels } from "./access-levels.ts";
import type { Addendum, Resource, TrailEvent } from "./event.ts";
import { derivedId, eventKey } from "./event-key.ts";
import { fieldsOf, isFields, listOf, textOf, truthOf, type Fields } from "./field.ts";
import { readInstant } from "./instant.ts";
import { readMcpMark } from "./mcp.ts";
import { readNetwork } from "./network.ts";
import { readPrincipal, type Principal } from "./principal.ts";
import { readResult, type EventResult } from "./result.ts";
import { scrub } from "./scrub.ts";
import { readUserAgent } from "./user-agent.ts";

export type Normalised =
  | { readonly event: TrailEvent }
  | { readonly rejected: { readonly reason: RejectReason; readonly detail: string } };

/** A record becomes an event or a reason why not. Never throws, whatever JSON it is given. */
export type Normalise = (record: RawRecord) => Normalised;

/**
 * Makes the function that turns records into events. It is pure: the same record gives the same
 * event, today and when it is judged again. Secrets are removed before anything else looks
 * (`normalise(scrub(r))` equals `normalise(r)`).
 *
 * @param levels loaded for every service the records will speak of
 */
export function createNormaliser(levels: AccessLevels): Normalise {
  const lookUp = createCallLookup(levels);
  return (record) => {
    if (!isFields(record)) return rejected("not-an-object", "The record is no object.");
    const clean = scrub(record);
    const head = readHead(clean);
    if ("rejected" in head) return head;
    return { event: readEvent(clean, head, lookUp(head.source, head.name)) };
  };
}

function rejected(reason: RejectReason, detail: string): Normalised & { rejected: unknown } {
  return { rejected: { reason, detail } };
}

/** What no event goes without. */
interface Head {
  readonly at: number;
  readonly eventTime: string;
  readonly source: string;
  readonly name: string;
}

/** AWS's longest names have some 70 characters. */
const nameLengthMax = 256;

function readHead(record: Fields): Head | (Normalised & { rejected: unknown }) {
  const { eventVersion, eventTime } = record;
  if (!usualVersions.has(eventVersion) && majorOf(eventVersion) !== 1) {
    const shown = JSON.stringify(eventVersion).slice(0, 20);
    return rejected("unsupported-version", `The eventVersion is ${shown}; 1.x is understood.`);
  }
  const at = readInstant(eventTime);
  if (at === null || typeof eventTime !== "string") {
    return rejected("no-event-time", "The eventTime is missing or no instant.");
  }
  const [source, name] = [textOf(record.eventSource), textOf(record.eventName)];
  if (source === null || name === null) {
    const missing = source === null ? "eventSource" : "eventName";
    return rejected("no-event-name", `The ${missing} is missing.`);
  }
  if (source.length > nameLengthMax || name.length > nameLengthMax) {
    return rejected("no-event-name", `Longer than ${nameLengthMax} characters: no name of AWS's.`);
  }
  return { at, eventTime, source, name };
}

/** What records of the last years carry: spares them the reading. */
const usualVersions: ReadonlySet<unknown> = new Set(["1.08", "1.09", "1.10", "1.11"]);

/**
 * `1.08`, `1.11`: two integers, never one decimal. A record without a version is taken for 1.0,
 * which asks least.
 */
function majorOf(version: unknown): number | null {
  if (version === undefined || version === null || version === "") return 1;
  const text = typeof version === "number" ? String(version) : version;
  if (typeof text !== "string" || text.length > 12) return null;
  const match = /^(\d+)(?:\.\d+)?$/.exec(text);
  return match === null ? null : Number(match[1]);
}

function readEvent(record: RawRecord, head: Head, call: Call): TrailEvent {
  const principal = readPrincipal(record);
  const result = readResult(record);
  const account = textOf(record.recipientAccountId) ?? principal.account;
  const requestId = textOf(record.requestID);
  const type = textOf(record.eventType);
  const { requestParameters: parameters } = record;
  const readOnly = truthOf(record.readOnly);
  const isServiceEvent = type === "AwsServiceEvent";
  const { access, accessBasis } = classify(call, { readOnly, parameters, isServiceEvent });
  const id = readId(record);
  const { at, eventTime, source, name } = head;
  return {
    id,
    key: eventKey(id, {
      account,
      source,
      name,
      requestId,
      eventTime,
      principal: principal.id ?? principal.arn,
    }),
    at,
    source,
    name,
    operation: call.operation,
    service: call.service,
    action: actionOf(call, result),
    region: textOf(record.awsRegion) ?? "",
    account,
    type,
    category: categoryOf(record),
    access,
    accessBasis,
    isSensitiveRead: isSensitive(call, parameters, principal),
    result,
    principal,
    network: readNetwork(record.sourceIPAddress, record.vpcEndpointId),
    userAgent: readUserAgent(record.userAgent, principal.invokedBy),
    requestId,
    sharedId: textOf(record.sharedEventID),
    resources: resourcesOf(record.resources),
    addendum: addendumOf(record.addendum),
    mcp: readMcpMark(record, principal),
    record,
  };
}

/** AWS's ids are UUIDs; one that is longer than this is no id. */
const idLengthMax = 128;

function readId(record: Fields): string {
  const id = textOf(record.eventID);
  return id === null || id.length > idLengthMax ? derivedId(record) : id;
}

/**
 * A denial names the action that was missing, which may be another one's (`iam:PassRole` in a
 * RunInstances).
 */
function actionOf(call: Call, result: EventResult): string {
  return result.denial?.action ?? call.action;
}

function isSensitive(call: Call, parameters: unknown, { invokedBy }: Principal): boolean {
  return call.sensitiveRead !== null && call.sensitiveRead({ parameters, invokedBy });
}

function categoryOf(record: Fields): string | null {
  const category = textOf(record.eventCategory);
  if (category !== null) return category;
  const isManagement = truthOf(record.managementEvent);
  return isManagement === null ? null : isManagement ? "Management" : "Data";
}

/** A DeleteObjects lists a thousand at most; the rest is not what a finding is about. */
const resourcesMax = 1000;

function resourcesOf(value: unknown): readonly Resource[] {
  const list = listOf(value);
  if (list.length === 0) return noResources;
  const resources: Resource[] = [];
  for (const item of list) {
    const resource = fieldsOf(item);
    const arn = textOf(resource.ARN) ?? textOf(resource.arn) ?? textOf(resource.ARNPrefix);
    if (arn === null) continue;
    resources.push({ arn, account: textOf(resource.accountId), type: textOf(resource.type) });
    if (resources.length === resourcesMax) break;
  }
  return resources;
}
const noResources: readonly Resource[] = [];

function addendumOf(value: unknown): Addendum | null {
  if (!isFields(value)) return null;
  const reason = addendumReasons.find((known) => known === value.reason) ?? "unknown";
  const isReplacement = reason === "UPDATED_DATA";
  return { reason, originalEventId: isReplacement ? textOf(value.originalEventID) : null };
}
const addendumReasons = ["DELIVERY_DELAY", "UPDATED_DATA", "SERVICE_OUTAGE"] as const;
