import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import type { FactValue } from "../../src/facts/fact.ts";
import { otherPrincipal, trailEvent } from "../builders/event.ts";
import { factOf } from "../builders/fact-context.ts";

const config = Config.parse({
  accounts: [{ id: "333333333333", name: "backup" }],
  zones: [{ name: "production", accounts: ["444444444444"] }],
});

function opened(operation: string, requestParameters: unknown): FactValue {
  const event = trailEvent({ operation, record: { requestParameters } });
  return factOf("event.shared_with", { event, config });
}

const foreign = "666666666666";
const root = `arn:aws:iam::${foreign}:root`;
const organisation = `arn:aws:organizations::${foreign}:organization/o-1`;
const everybody = { Effect: "Allow", Principal: "*" };
const policy = (...Statement: unknown[]) => ({ Version: "2012-10-17", Statement });
const text = (...Statement: unknown[]) => JSON.stringify(policy(...Statement));
const all = "http://acs.amazonaws.com/groups/global/AllUsers";
const delivery = "http://acs.amazonaws.com/groups/s3/LogDelivery";

describe("event.shared_with names whom an operation lets in", () => {
  it.each<[string, unknown, FactValue]>([
    ["ec2:ModifySnapshotAttribute",
      { createVolumePermission: { add: { items: [{ userId: foreign }, { group: "all" }] } } },
      [foreign, "public"]],
    ["ec2:ModifyImageAttribute",
      { launchPermission: { add: { items: [{ organizationArn: organisation }] } } },
      [organisation]],
    ["rds:ModifyDBSnapshotAttribute", { attributeName: "restore", valuesToAdd: ["all"] },
      ["public"]],
    ["rds:ModifyDBClusterSnapshotAttribute", { valuesToAdd: [foreign] }, [foreign]],
    ["redshift:AuthorizeSnapshotAccess", { accountWithRestoreAccess: foreign }, [foreign]],
    ["redshift:AuthorizeDataShare", { consumerIdentifier: foreign }, [foreign]],
    ["s3:PutBucketPolicy", { bucketPolicy: policy(everybody) }, ["public"]],
    ["s3:PutBucketAcl", { "x-amz-acl": ["public-read"] }, ["public"]],
    ["s3:PutBucketAcl", { "x-amz-acl": "private" }, null],
    ["s3:PutBucketAcl", { "x-amz-grant-read": `uri="${all}"` }, ["public"]],
    ["s3:PutBucketAcl", { AccessControlPolicy: { Grant: [{ Grantee: { URI: all } }] } },
      ["public"]],
    ["s3:PutBucketAcl", { AccessControlPolicy: { Grant: [{ Grantee: { URI: delivery } }] } }, null],
    ["s3:CreateBucket", { "x-amz-acl": "authenticated-read" }, ["public"]],
    ["s3:PutBucketReplication",
      { ReplicationConfiguration: { Rule: { Destination: { Account: foreign } } } }, [foreign]],
    ["kms:CreateGrant", { granteePrincipal: `arn:aws:iam::${foreign}:role/r` }, [foreign]],
    ["kms:PutKeyPolicy", { policy: text({ Effect: "Allow", Principal: { AWS: root } }) },
      [foreign]],
    ["lambda:AddPermission", { principal: "*" }, ["public"]],
    ["lambda:AddPermission", { principal: "*", sourceAccount: "111111111111" }, null],
    ["lambda:AddPermission", { principal: "events.amazonaws.com" }, null],
    ["lambda:AddLayerVersionPermission", { principal: "*", organizationId: "o-1" }, null],
    ["sqs:AddPermission", { aWSAccountIds: [foreign] }, [foreign]],
    ["sqs:SetQueueAttributes", { attributes: { Policy: text(everybody) } }, ["public"]],
    ["sns:AddPermission", { aWSAccountId: [foreign] }, [foreign]],
    ["sns:SetTopicAttributes", { attributeName: "Policy", attributeValue: text(everybody) },
      ["public"]],
    ["sns:SetTopicAttributes", { attributeName: "DisplayName", attributeValue: "all hands" }, null],
    ["secretsmanager:PutResourcePolicy", { resourcePolicy: text(everybody) }, ["public"]],
    ["ecr:SetRepositoryPolicy", { policyText: text(everybody) }, ["public"]],
    ["ram:CreateResourceShare", { principals: [foreign, "111111111111"] }, [foreign]],
    ["ssm:ModifyDocumentPermission", { accountIdsToAdd: ["all"] }, ["public"]],
    ["logs:PutSubscriptionFilter",
      { destinationArn: `arn:aws:logs:eu-west-1:${foreign}:destination:d` }, [foreign]],
    ["ec2:CreateSnapshot", { createVolumePermission: { add: { items: [{ group: "all" }] } } },
      null],
  ])("%s %j", (operation, request, expected) => {
    expect(opened(operation, request)).toEqual(expected);
  });
});

describe("event.shared_with reads a policy", () => {
  const orgOnly = { StringEquals: { "aws:PrincipalOrgID": "o-1" } };
  const tls = { Bool: { "aws:SecureTransport": "true" } };
  it.each<[string, unknown, FactValue]>([
    ["one statement that stands alone", { Statement: everybody }, ["public"]],
    ["several principals", policy({ Effect: "Allow", Principal: { AWS: [root, "*"] } }),
      [foreign, "public"]],
    ["an account id without an ARN", policy({ Effect: "Allow", Principal: { AWS: foreign } }),
      [foreign]],
    ["all but one", policy({ Effect: "Allow", NotPrincipal: { AWS: root } }), ["public"]],
    ["a denial", policy({ ...everybody, Effect: "Deny" }), null],
    ["a condition that narrows", policy({ ...everybody, Condition: orgOnly }), null],
    ["a condition that anybody can meet", policy({ ...everybody, Condition: tls }), ["public"]],
    ["both conditions", policy({ ...everybody, Condition: { ...orgOnly, ...tls } }), null],
    ["a service", policy({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } }), null],
    ["CloudFront's access identity",
      policy({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::cloudfront:user/x" } }), null],
    ["a load balancer's account",
      policy({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::054676820928:root" } }), null],
    ["a user that is gone", policy({ Effect: "Allow", Principal: { AWS: "AIDAGONE00000000" } }),
      null],
    ["text that was cut", '{"Statement":[{"Effect":"Allow","Principal":"*"', null],
    ["no policy", null, null],
    ["hostile shapes", { Statement: [null, 1, { Effect: "Allow", Principal: [1] }] }, null],
  ])("%s", (_, bucketPolicy, expected) => {
    expect(opened("s3:PutBucketPolicy", { bucketPolicy })).toEqual(expected);
  });
});

describe("event.shared_with knows whose account is whose", () => {
  const toAll = ["111111111111", "333333333333", "444444444444"];
  it("takes the event's account, the config's accounts and its zones' for ours", () => {
    expect(opened("ram:CreateResourceShare", { principals: toAll })).toBeNull();
  });

  it("takes the accounts of an empty config for foreign", () => {
    const event = trailEvent({
      operation: "ram:CreateResourceShare",
      record: { requestParameters: { principals: toAll } },
    });
    expect(factOf("event.shared_with", { event })).toEqual(["333333333333", "444444444444"]);
  });

  it("does not take a foreign caller's account for ours", () => {
    const event = trailEvent({
      operation: "kms:CreateGrant",
      principal: otherPrincipal({ kind: "account", account: foreign }),
      record: { requestParameters: { granteePrincipal: root } },
    });
    expect(factOf("event.shared_with", { event })).toEqual([foreign]);
  });

  it("says nothing of a request that was left out", () => {
    expect(opened("kms:PutKeyPolicy", null)).toBeNull();
    expect(opened("s3:PutBucketAcl", null)).toBeNull();
  });
});
