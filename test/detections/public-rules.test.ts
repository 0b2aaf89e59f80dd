import { describe, expect, test } from "vitest";
import { loadRules } from "../../src/detections/load-rules.ts";
import { facts, loaded, subject } from "./rule-builder.ts";

/** Written for this test in the manner of the public CloudTrail rules; copied from none. */
const publicRules: Readonly<Record<string, {
  detection: string; fires: unknown; quiet: unknown,
}>> = {
  "trail disabled": {
    detection: `
    selection_source:
        eventSource: cloudtrail.amazonaws.com
        eventName:
            - StopLogging
            - UpdateTrail
            - DeleteTrail
    condition: selection_source`,
    fires: { eventSource: "cloudtrail.amazonaws.com", eventName: "StopLogging" },
    quiet: { eventSource: "cloudtrail.amazonaws.com", eventName: "StartLogging" },
  },
  "root account used": {
    detection: `
    selection_usertype:
        userIdentity.type: Root
    selection_eventtype:
        eventType: AwsServiceEvent
    condition: selection_usertype and not selection_eventtype`,
    fires: { userIdentity: { type: "Root" }, eventType: "AwsApiCall" },
    quiet: { userIdentity: { type: "Root" }, eventType: "AwsServiceEvent" },
  },
  "console sign-in without MFA": {
    detection: `
    selection:
        eventName: ConsoleLogin
        additionalEventData.MFAUsed: 'No'
        responseElements.ConsoleLogin: Success
    condition: selection`,
    fires: {
      eventName: "ConsoleLogin",
      additionalEventData: { MFAUsed: "No" },
      responseElements: { ConsoleLogin: "Success" },
    },
    quiet: {
      eventName: "ConsoleLogin",
      additionalEventData: { MFAUsed: "Yes" },
      responseElements: { ConsoleLogin: "Success" },
    },
  },
  "security group opened to the world": {
    detection: `
    selection:
        eventSource: ec2.amazonaws.com
        eventName: AuthorizeSecurityGroupIngress
    world:
        - requestParameters.ipPermissions.items.ipRanges.items.cidrIp: 0.0.0.0/0
        - requestParameters.ipPermissions.items.ipv6Ranges.items.cidrIpv6: '::/0'
    condition: all of them`,
    fires: {
      eventSource: "ec2.amazonaws.com",
      eventName: "AuthorizeSecurityGroupIngress",
      requestParameters: {
        ipPermissions: { items: [{ ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } }] },
      },
    },
    quiet: {
      eventSource: "ec2.amazonaws.com",
      eventName: "AuthorizeSecurityGroupIngress",
      requestParameters: {
        ipPermissions: { items: [{ ipRanges: { items: [{ cidrIp: "10.0.0.0/8" }] } }] },
      },
    },
  },
  "identity assumed from outside": {
    detection: `
    selection:
        eventSource: 'sts.amazonaws.com'
        eventName|startswith: 'AssumeRole'
    filter_internal:
        sourceIPAddress|cidr:
            - 10.0.0.0/8
            - 192.168.0.0/16
    filter_service:
        userIdentity.invokedBy|exists: true
    condition: selection and not 1 of filter_*`,
    fires: {
      eventSource: "sts.amazonaws.com",
      eventName: "AssumeRoleWithSAML",
      sourceIPAddress: "203.0.113.9",
    },
    quiet: {
      eventSource: "sts.amazonaws.com", eventName: "AssumeRole", sourceIPAddress: "10.20.30.40",
    },
  },
  "access key made for another user": {
    detection: `
    selection:
        eventSource: iam.amazonaws.com
        eventName: CreateAccessKey
    filter:
        userIdentity.userName|fieldref: requestParameters.userName
    condition: selection and not filter`,
    fires: {
      eventSource: "iam.amazonaws.com",
      eventName: "CreateAccessKey",
      userIdentity: { userName: "eve" },
      requestParameters: { userName: "alice" },
    },
    quiet: {
      eventSource: "iam.amazonaws.com",
      eventName: "CreateAccessKey",
      userIdentity: { userName: "alice" },
      requestParameters: { userName: "Alice" },
    },
  },
  "administrator policy attached": {
    detection: `
    selection:
        eventName|startswith: Attach
        eventName|endswith: Policy
        requestParameters.policyArn|endswith: ':policy/AdministratorAccess'
    failed:
        errorCode|exists: true
    condition: selection and not failed`,
    fires: {
      eventName: "AttachRolePolicy",
      requestParameters: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
    quiet: {
      eventName: "AttachRolePolicy",
      errorCode: "AccessDenied",
      requestParameters: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
  },
  "policy that allows everything": {
    detection: `
    selection:
        eventName: PutBucketPolicy
        requestParameters|contains|all:
            - '"Effect":"Allow"'
            - '"Principal":"\\*"'
    condition: selection`,
    fires: {
      eventName: "PutBucketPolicy",
      requestParameters: { bucketPolicy: { Statement: [{ Effect: "Allow", Principal: "*" }] } },
    },
    quiet: {
      eventName: "PutBucketPolicy",
      requestParameters: { bucketPolicy: { Statement: [{ Effect: "Allow", Principal: "arn" }] } },
    },
  },
  "attack tool by user agent": {
    detection: `
    keywords:
        - 'Pacu'
        - 'ScoutSuite'
    agents:
        userAgent|re: '(?i)(kali|parrot|pentoo)'
    condition: 1 of them`,
    fires: { userAgent: "Boto3/1.9 Python/3.8 Linux/5.4-Kali" },
    quiet: { userAgent: "aws-cli/2.31" },
  },
  "image shared with an account": {
    detection: `
    selection:
        eventName: ModifyImageAttribute
        requestParameters.launchPermission.add.items.userId: '*'
    condition:
        - selection`,
    fires: {
      eventName: "ModifyImageAttribute",
      requestParameters: { launchPermission: { add: { items: [{ userId: "111122223333" }] } } },
    },
    quiet: {
      eventName: "ModifyImageAttribute", requestParameters: { launchPermission: { remove: {} } },
    },
  },
};

const text = (title: string, detection: string, id = 1): string => `title: ${title}
id: 0000${String(id).padStart(4, "0")}-aaaa-4bbb-8ccc-000000000000
status: test
description: In the manner of public rules
references:
    - https://docs.aws.amazon.com/
author: The tests
date: 2026-01-31
modified: 2026-02-01
tags:
    - attack.defense-evasion
    - attack.t1562.008
logsource:
    product: aws
    service: cloudtrail
detection:${detection}
falsepositives:
    - A planned change
level: medium
`;

describe("a rule in the manner of the public ones", () => {
  test.each(
    Object.entries(publicRules),
  )("%s fires, stays quiet, and loads without a word", (title, rule) => {
    const { problems } = loadRules(
      [{ name: "p.yml", text: text(title, rule.detection) }],
      { facts },
    );
    expect(problems).toEqual([]);
    const detection = loaded(text(title, rule.detection));
    expect(detection.matches(subject(rule.fires))).toBe(true);
    expect(detection.matches(subject(rule.quiet))).toBe(false);
  });

  test("loads beside the others, from one file", () => {
    const all = Object.entries(publicRules).map(
      ([title, rule], i) => text(title, rule.detection, i),
    );
    const { detections, problems } = loadRules(
      [{ name: "p.yml", text: all.join("---\n") }],
      { facts },
    );
    expect(problems).toEqual([]);
    expect(detections.length).toBe(10);
  });
});
