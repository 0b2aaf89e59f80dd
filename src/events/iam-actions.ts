/**
 * IAM actions that are not called what the API is: operation -> action. Used to find the access
 * level; a denial's message, where there is one, names the action itself.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const iamActions: ReadonlyMap<string, string> = new Map([
  ...renamed("s3", "ListAllMyBuckets", ["ListBuckets", "ListDirectoryBuckets"]),
  ...renamed("s3", "ListBucket", ["ListObjects", "ListObjectsV2", "HeadBucket"]),
  ...renamed("s3", "ListBucketVersions", ["ListObjectVersions", "ListVersions"]),
  ...renamed("s3", "ListBucketMultipartUploads", ["ListMultipartUploads"]),
  ...renamed("s3", "ListMultipartUploadParts", ["ListParts"]),
  ...renamed("s3", "GetObject", ["HeadObject", "SelectObjectContent"]),
  ...renamed("s3", "DeleteObject", ["DeleteObjects"]),
  ...renamed("s3", "PutObject", ["UploadPart", "UploadPartCopy", "CopyObject", "PostObject"]),
  ...renamed("s3", "PutObject", ["CreateMultipartUpload", "CompleteMultipartUpload"]),
  ...renamed("s3", "GetEncryptionConfiguration", ["GetBucketEncryption"]),
  ...renamed("s3", "PutEncryptionConfiguration", ["PutBucketEncryption", "DeleteBucketEncryption"]),
  ...renamed("s3", "GetLifecycleConfiguration", ["GetBucketLifecycle"]),
  ...renamed("s3", "GetLifecycleConfiguration", ["GetBucketLifecycleConfiguration"]),
  ...renamed("s3", "PutLifecycleConfiguration", ["PutBucketLifecycle", "DeleteBucketLifecycle"]),
  ...renamed("s3", "PutLifecycleConfiguration", ["PutBucketLifecycleConfiguration"]),
  ...renamed("s3", "GetReplicationConfiguration", ["GetBucketReplication"]),
  ...renamed("s3", "PutReplicationConfiguration", ["PutBucketReplication"]),
  ...renamed("s3", "PutReplicationConfiguration", ["DeleteBucketReplication"]),
  ...renamed("s3", "PutBucketCORS", ["DeleteBucketCors"]),
  ...renamed("s3", "PutBucketTagging", ["DeleteBucketTagging"]),
  ...renamed("s3", "PutBucketOwnershipControls", ["DeleteBucketOwnershipControls"]),
  ...renamed("s3", "GetBucketNotification", ["GetBucketNotificationConfiguration"]),
  ...renamed("s3", "PutBucketNotification", ["PutBucketNotificationConfiguration"]),
  ...renamed("s3", "GetAccelerateConfiguration", ["GetBucketAccelerateConfiguration"]),
  ...renamed("s3", "PutAccelerateConfiguration", ["PutBucketAccelerateConfiguration"]),
  ...renamed("s3", "GetBucketPublicAccessBlock", ["GetPublicAccessBlock"]),
  ...renamed("s3", "PutBucketPublicAccessBlock", ["PutPublicAccessBlock"]),
  ...renamed("s3", "PutBucketPublicAccessBlock", ["DeletePublicAccessBlock"]),
  ...renamed("s3", "PutBucketPublicAccessBlock", ["DeleteBucketPublicAccessBlock"]),
  ...renamed("s3", "GetBucketObjectLockConfiguration", ["GetObjectLockConfiguration"]),
  ...renamed("s3", "PutBucketObjectLockConfiguration", ["PutObjectLockConfiguration"]),
  ...bucketConfigurations("Analytics"),
  ...bucketConfigurations("Inventory"),
  ...bucketConfigurations("Metrics"),
  ...bucketConfigurations("IntelligentTiering"),
  ...renamed("lambda", "InvokeFunction", ["Invoke", "InvokeWithResponseStream"]),
  ...renamed("lambda", "GetLayerVersion", ["GetLayerVersionByArn"]),
  ...renamed("kms", "ReEncryptFrom", ["ReEncrypt"]),
  ...renamed("sqs", "SendMessage", ["SendMessageBatch"]),
  ...renamed("sqs", "DeleteMessage", ["DeleteMessageBatch"]),
  ...renamed("sqs", "ChangeMessageVisibility", ["ChangeMessageVisibilityBatch"]),
  ...renamed("sns", "Publish", ["PublishBatch"]),
  ...renamed("dynamodb", "GetItem", ["TransactGetItems"]),
  ...renamed("dynamodb", "UpdateItem", ["TransactWriteItems"]),
  ...renamed("bedrock", "InvokeModel", ["Converse"]),
  ...renamed("bedrock", "InvokeModelWithResponseStream", ["ConverseStream"]),
]);

type Entry = readonly [operation: string, action: string];

function renamed(service: string, action: string, names: readonly string[]): readonly Entry[] {
  return names.map((name) => [`${service}:${name}`, `${service}:${action}`]);
}

/**
 * S3's four kinds of bucket configuration have one action for get and list, one for put and delete.
 */
function bucketConfigurations(kind: string): readonly Entry[] {
  return [
    ...renamed("s3", `Get${kind}Configuration`, [`GetBucket${kind}Configuration`]),
    ...renamed("s3", `Get${kind}Configuration`, [`ListBucket${kind}Configurations`]),
    ...renamed("s3", `Put${kind}Configuration`, [`PutBucket${kind}Configuration`]),
    ...renamed("s3", `Put${kind}Configuration`, [`DeleteBucket${kind}Configuration`]),
  ];
}
