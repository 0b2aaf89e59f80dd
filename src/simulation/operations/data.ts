import { one } from "./compute.ts";
import type { Operation, Place, Resource } from "./operation.ts";
import { dataRead, dataWrite, read, write } from "./operation.ts";

/** S3, DynamoDB, SQS, SNS, RDS, ECR, KMS, Secrets Manager and parameters. */
export const data = {
  "s3:ListBuckets": read("s3:ListBuckets", (place) => ({
    request: { Host: `s3.${place.region}.amazonaws.com` },
  })),
  "s3:GetBucketLocation": read("s3:GetBucketLocation", (place) => onBucket(place, "location")),
  "s3:GetBucketPolicy": read("s3:GetBucketPolicy", (place) => onBucket(place, "policy")),
  "s3:GetBucketEncryption": read("s3:GetBucketEncryption", (place) =>
    onBucket(place, "encryption"),
  ),
  "s3:GetBucketTagging": read("s3:GetBucketTagging", (place) => onBucket(place, "tagging")),
  "s3:GetBucketAcl": read("s3:GetBucketAcl", (place) => onBucket(place, "acl")),
  "s3:PutBucketTagging": write("s3:PutBucketTagging", (place) => onBucket(place, "tagging")),
  "s3:PutBucketLifecycle": write("s3:PutBucketLifecycle", (place) => onBucket(place, "lifecycle")),
  "s3:GetObject": dataRead("s3:GetObject", (place) => onObject(place)),
  "s3:ListObjects": dataRead("s3:ListObjects", (place) => {
    const bucketName = one(place, "buckets");
    const Host = `${bucketName}.s3.${place.region}.amazonaws.com`;
    const request = { "list-type": "2", bucketName, Host, prefix: "builds/", delimiter: "/" };
    return { request, resources: [bucketResource(place, bucketName)] };
  }),
  "s3:PutObject": dataWrite("s3:PutObject", (place) => onObject(place)),
  "dynamodb:ListTables": read("dynamodb:ListTables", () => ({ request: { limit: 100 } })),
  "dynamodb:DescribeTable": read("dynamodb:DescribeTable", (place) => {
    const tableName = one(place, "tables");
    const { region, inventory } = place;
    const ARN = `arn:aws:dynamodb:${region}:${inventory.account}:table/${tableName}`;
    const resources = [{ accountId: inventory.account, type: "AWS::DynamoDB::Table", ARN }];
    return { request: { tableName }, resources };
  }),
  "dynamodb:UpdateTable": write("dynamodb:UpdateTable", (place) => {
    const tableName = one(place, "tables");
    const provisionedThroughput = { readCapacityUnits: 50, writeCapacityUnits: 20 };
    return {
      request: { tableName, provisionedThroughput },
      response: { tableDescription: { tableName, tableStatus: "UPDATING", itemCount: 120345 } },
    };
  }),
  "sqs:ListQueues": read("sqs:ListQueues", () => ({ request: null })),
  "sqs:GetQueueAttributes": read("sqs:GetQueueAttributes", (place) => ({
    request: { queueUrl: queueUrl(place), attributeNames: ["ApproximateNumberOfMessages"] },
  })),
  "sqs:ReceiveMessage": dataRead("sqs:ReceiveMessage", (place) => ({
    request: { queueUrl: queueUrl(place), maxNumberOfMessages: 10, waitTimeSeconds: 20 },
  })),
  "sns:ListTopics": read("sns:ListTopics", () => ({ request: null })),
  "rds:DescribeDBInstances": read("rds:DescribeDBInstances", (place) => ({
    request: { dBInstanceIdentifier: one(place, "databases") },
  })),
  "rds:DescribeDBSnapshots": read("rds:DescribeDBSnapshots", (place) => ({
    request: { dBInstanceIdentifier: one(place, "databases"), includeShared: false },
  })),
  "rds:ListTagsForResource": read("rds:ListTagsForResource", (place) => {
    const { region, inventory } = place;
    const name = one(place, "databases");
    return { request: { resourceName: `arn:aws:rds:${region}:${inventory.account}:db:${name}` } };
  }),
  "ecr:DescribeRepositories": read("ecr:DescribeRepositories", (place) => ({
    request: { repositoryNames: [one(place, "repositories")] },
  })),
  "ecr:DescribeImages": read("ecr:DescribeImages", (place) => ({
    request: { repositoryName: one(place, "repositories"), maxResults: 100 },
  })),
  "ecr:BatchCheckLayerAvailability": read("ecr:BatchCheckLayerAvailability", (place) => ({
    request: {
      repositoryName: one(place, "repositories"),
      layerDigests: [`sha256:${place.random.hex(64)}`],
    },
  })),
  "ecr:PutImage": write("ecr:PutImage", (place) => {
    const repositoryName = one(place, "repositories");
    const imageDigest = `sha256:${place.random.hex(64)}`;
    const imageId = { imageDigest, imageTag: place.random.hex(7) };
    return {
      request: { repositoryName, imageTag: imageId.imageTag },
      response: { image: { registryId: place.inventory.account, repositoryName, imageId } },
    };
  }),
  "kms:DescribeKey": read("kms:DescribeKey", (place) => onKey(place, {})),
  "kms:ListAliases": read("kms:ListAliases", () => ({ request: { limit: 100 } })),
  "kms:Decrypt": read("kms:Decrypt", (place) =>
    onKey(place, {
      encryptionAlgorithm: "SYMMETRIC_DEFAULT",
      encryptionContext: { "aws:s3:arn": `arn:aws:s3:::${one(place, "buckets")}` },
    }),
  ),
  "kms:GenerateDataKey": read("kms:GenerateDataKey", (place) =>
    onKey(place, {
      encryptionContext: { "aws:s3:arn": `arn:aws:s3:::${one(place, "buckets")}` },
      keySpec: "AES_256",
    }),
  ),
  "secretsmanager:ListSecrets": read("secretsmanager:ListSecrets", () => ({
    request: { maxResults: 100 },
  })),
  "secretsmanager:DescribeSecret": read("secretsmanager:DescribeSecret", (place) => ({
    request: { secretId: one(place, "secrets") },
  })),
  "secretsmanager:GetSecretValue": read("secretsmanager:GetSecretValue", (place) => ({
    request: { secretId: one(place, "secrets") },
  })),
  "ssm:DescribeParameters": read("ssm:DescribeParameters", () => ({ request: { maxResults: 50 } })),
} as const satisfies Readonly<Record<string, Operation>>;

function onBucket(place: Place, subresource: string) {
  const bucketName = one(place, "buckets");
  const Host = `${bucketName}.s3.${place.region}.amazonaws.com`;
  const resources = [bucketResource(place, bucketName)];
  return { request: { bucketName, Host, [subresource]: "" }, response: null, resources };
}

function onObject(place: Place) {
  const bucketName = one(place, "buckets");
  const key = `builds/2026/${place.random.hex(8)}/artifact-${place.random.between(1, 400)}.json`;
  const object = { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${bucketName}/${key}` };
  const resources = [object as Resource, bucketResource(place, bucketName)];
  const Host = `${bucketName}.s3.${place.region}.amazonaws.com`;
  return { request: { bucketName, Host, key }, response: null, resources };
}

function bucketResource(place: Place, bucketName: string): Resource {
  const ARN = `arn:aws:s3:::${bucketName}`;
  return { accountId: place.inventory.account, type: "AWS::S3::Bucket", ARN };
}

function onKey(place: Place, request: Readonly<Record<string, unknown>>) {
  const { region, inventory } = place;
  const ARN = `arn:aws:kms:${region}:${inventory.account}:key/${one(place, "keys")}`;
  const resources = [{ accountId: inventory.account, type: "AWS::KMS::Key", ARN }];
  return { request: { keyId: ARN, ...request }, response: null, resources };
}

function queueUrl(place: Place): string {
  const { region, inventory } = place;
  return `https://sqs.${region}.amazonaws.com/${inventory.account}/${one(place, "queues")}`;
}
