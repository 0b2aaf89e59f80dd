import type { RawRecord } from "../../src/records/record.ts";
import { record } from "../builders/record.ts";

/** Without a name: findings call it by its id. */
export const iamUserRule = `
title: IAM user lists buckets
id: 0d9f5b3e-6c1d-4a57-9a0a-5f6f3c2b1a01
status: test
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    eventSource: s3.amazonaws.com
    eventName: ListBuckets
    userIdentity.type: IAMUser
  condition: selection
level: low
tags: [attack.discovery]
`.trimStart();

export const rootRule = `
title: Root is at work
id: 0d9f5b3e-6c1d-4a57-9a0a-5f6f3c2b1a02
name: root-activity
status: test
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    userIdentity.type: Root
  service:
    eventType: AwsServiceEvent
  condition: selection and not service
level: high
`.trimStart();

export const userRecord = (fields: Readonly<Record<string, unknown>> = {}): RawRecord =>
  record({
    userIdentity: {
      type: "IAMUser", principalId: "AIDAALICE00000000001", userName: "alice",
      arn: "arn:aws:iam::111111111111:user/alice", accountId: "111111111111",
      accessKeyId: "AKIAALICE00000000001",
    },
    eventSource: "s3.amazonaws.com",
    eventName: "ListBuckets",
    eventID: "by-alice",
    ...fields,
  });

export const rootRecord = (fields: Readonly<Record<string, unknown>> = {}): RawRecord =>
  record({
    userIdentity: {
      type: "Root", principalId: "111111111111", arn: "arn:aws:iam::111111111111:root",
      accountId: "111111111111",
    },
    eventSource: "iam.amazonaws.com",
    eventName: "ListUsers",
    eventID: "by-root",
    ...fields,
  });
