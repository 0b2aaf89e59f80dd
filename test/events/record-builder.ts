import type { TrailEvent } from "../../src/events/event.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import type { RawRecord } from "../../src/records/record.ts";

/** A plain read by a role session of a role with a path; invented values. */
export const taskRecord: RawRecord = {
  eventVersion: "1.11",
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROATASK000000000000B:task-4711",
    arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
    accountId: "111111111111",
    accessKeyId: "ASIATASKKEY000000001",
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROATASK000000000000B",
        arn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
        accountId: "111111111111",
        userName: "ro-inventory",
      },
      attributes: { creationDate: "2026-03-01T10:00:00Z", mfaAuthenticated: "false" },
      sourceIdentity: "task-4711",
    },
  },
  eventTime: "2026-03-01T10:01:10Z",
  eventSource: "iam.amazonaws.com",
  eventName: "ListUsers",
  awsRegion: "us-east-1",
  sourceIPAddress: "198.51.100.9",
  userAgent: "aws-cli/2.36.7 ua/2.1 os/linux#6.8 lang/python#3.14.4 m/b,AN,g",
  requestParameters: null,
  responseElements: null,
  requestID: "r-2",
  eventID: "e-2",
  readOnly: true,
  eventType: "AwsApiCall",
  managementEvent: true,
  recipientAccountId: "111111111111",
  eventCategory: "Management",
};

/** The record with these fields instead; `undefined` leaves a field out. */
export function recordWith(fields: Readonly<Record<string, unknown>>): RawRecord {
  const merged = Object.entries({ ...taskRecord, ...fields });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

export const normalise = createNormaliser(iamAccessLevels());

export function eventOf(fields: Readonly<Record<string, unknown>>): TrailEvent {
  const outcome = normalise(recordWith(fields));
  if ("rejected" in outcome) throw new Error(`Rejected: ${outcome.rejected.detail}`);
  return outcome.event;
}

/** A call without the `readOnly` flag, of the service `<source>.amazonaws.com`. */
export function call(source: string, eventName: string, fields: object = {}): TrailEvent {
  return eventOf({
    eventSource: `${source}.amazonaws.com`,
    eventName,
    readOnly: undefined,
    ...fields,
  });
}
