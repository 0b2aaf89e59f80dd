import { readArn } from "../events/arn.ts";
import type { TrailEvent } from "../events/event.ts";
import { fieldsOf, textOf } from "../events/field.ts";
import { memoisePair } from "../events/memo.ts";

/**
 * What a call is about, coarse enough to come again: `s3 acme-dev-orders-#`, `dynamodb orders`,
 * `secretsmanager dev/orders/credentials`. Null where the record names nothing of a kind we know.
 */
export function resourceFamilyOf(event: TrailEvent): string | null {
  const parameter = namedBy.get(event.service);
  if (parameter === undefined) return null;
  const name = textOf(fieldsOf(event.record["requestParameters"])[parameter]) ??
    event.resources[0]?.arn ?? null;
  return name === null ? null : familyOf(event.service, name);
}

/** Services whose calls are about one thing, and the request parameter that names it. */
const namedBy: ReadonlyMap<string, string> = new Map(Object.entries({
  s3: "bucketName",
  dynamodb: "tableName",
  secretsmanager: "secretId",
  ssm: "name",
  kms: "keyId",
  sqs: "queueUrl",
  sns: "topicArn",
  lambda: "functionName",
  rds: "dBInstanceIdentifier",
  ecr: "repositoryName",
  logs: "logGroupName",
}));

/**
 * A name without what changes from one of a family to the next. Of an ARN or a URL what follows
 * the account; of a secret's ARN not the six characters that Secrets Manager appends; numbers of
 * four digits and more, and hex of eight and more, as `#`. A KMS key's id is its only name: it
 * stays.
 */
const familyOf = memoisePair(8192, (service, text) => {
  const name = localName(text).slice(0, nameLengthMax);
  if (keyId.test(name)) return `${service} ${name}`;
  const family = name.replace(/(?<![0-9a-z])[0-9a-f]{8,}(?![0-9a-z])/g, "#");
  return `${service} ${family.replace(/\d{4,}/g, "#")}`;
});

const keyId = /^(?:key\/)?(?:mrk-)?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/;

function localName(text: string): string {
  if (text.startsWith("https://")) return text.slice(text.lastIndexOf("/") + 1);
  const arn = readArn(text);
  if (arn === null) return text;
  const resource = arn.resource.replace(/^(?:secret|function|table|parameter|topic|db)[:/]/, "");
  if (arn.service === "secretsmanager") return resource.replace(/-[A-Za-z0-9]{6}$/, "");
  return arn.service === "s3" ? resource.replace(/\/.*$/s, "") : resource;
}

/** A bucket's name has at most 63 characters, a secret's 512: enough to tell families apart. */
const nameLengthMax = 96;
