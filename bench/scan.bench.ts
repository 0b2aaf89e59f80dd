import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { bench, describe } from "vitest";
import { scanRecords } from "../src/records/scan/scan.ts";

/**
 * What finding the candidates costs beside inflating and parsing: `npx vitest bench
 * bench/scan.bench.ts`. The summary's factors are the figures to read: Z (inflating into one chunk)
 * is the least any reading costs.
 */
const recordCount = 5000;
const agentNames = Array.from({ length: 100 }, (_, i) => `agent-${words(i)}-${1000 + i}`);

const markerSets = {
  "5 names": agentNames.slice(0, 5),
  "100 names": agentNames,
  "100 names and 3 short markers": [...agentNames, "mcp", "Kiro", "bot-x"],
  "100 names of 8 bytes": agentNames.map((name) => name.slice(-8)),
  "20 markers of 3 bytes": Array.from({ length: 20 }, (_, i) => `${i < 10 ? "Q" : "X"}#${i % 10}`),
};

for (const agentShare of [0.01, 1]) {
  const document = file(agentShare);
  const zipped = gzipSync(document);
  const ratio = (document.length / zipped.length).toFixed(1);
  const size = `${(document.length / 1e6).toFixed(1)} MB, gzip ${ratio}x`;
  describe(`${recordCount} records, ${agentShare * 100} % of agents, ${size}`, () => {
    bench("Z: inflate into one chunk", () => {
      gunzipSync(zipped, { chunkSize: document.length + 64 });
    });
    bench("inflate in default chunks and JSON.parse", () => {
      JSON.parse(gunzipSync(zipped).toString("utf8"));
    });
    for (const [name, markers] of Object.entries(markerSets)) {
      bench(`scan for ${name}`, () => {
        scanRecords(document, { markers, unlessService: [] });
      });
    }
  });
}

function words(seed: number): string {
  const kinds = ["inventory", "reader", "deployer", "triage", "reviewer"];
  return kinds[seed % kinds.length] ?? "";
}

/** Text without pattern, the same in every run. */
function noise(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

function file(agentShare: number): Buffer {
  const step = Math.round(1 / agentShare);
  const records = Array.from({ length: recordCount }, (_, i) => {
    const role = i % step === 0 ? (agentNames[i % 5] ?? "") : `lambda-${words(i)}-role-${i % 200}`;
    // CloudTrail escapes these two.
    return JSON.stringify(record(i, role)).replaceAll("=", "\\u003d").replaceAll("&", "\\u0026");
  });
  return Buffer.from(`{"Records":[${records.join(",")}]}`);
}

function record(i: number, role: string): object {
  const account = "111122223333";
  const bucket = `data-lake-${words(i % 3)}-eu-central-1`;
  const host = `${bucket}.s3.eu-central-1.amazonaws.com`;
  return {
    eventVersion: "1.11",
    userIdentity: identity(role, account, noise(`session ${i % 900}`, 12)),
    eventTime: `2026-03-01T10:${10 + (i % 50)}:${10 + (i % 49)}Z`,
    eventSource: "s3.amazonaws.com",
    eventName: ["GetObject", "PutObject", "HeadObject", "ListObjects"][i % 4],
    awsRegion: "eu-central-1",
    sourceIPAddress: `10.0.${i % 250}.${i % 241}`,
    userAgent: "[Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.10.210 lang/python#3.11.8]",
    requestParameters: {
      bucketName: bucket,
      Host: host,
      key: `tables/orders/dt=2026-03-01/part-${noise(`key ${i}`, 16)}.parquet`,
    },
    responseElements: i % 2 === 0 ? null : { "x-amz-server-side-encryption": "aws:kms" },
    additionalEventData: {
      SignatureVersion: "SigV4",
      CipherSuite: "TLS_AES_128_GCM_SHA256",
      bytesTransferredIn: 0,
      AuthenticationMethod: "AuthHeader",
      "x-amz-id-2": `${noise(`id ${i}`, 40)}=`,
      bytesTransferredOut: (i * 7919) % 100_000,
    },
    requestID: noise(`request ${i}`, 16).toUpperCase(),
    eventID: noise(`event ${i}`, 36),
    readOnly: i % 4 !== 1,
    resources: [
      { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${bucket}/tables/orders` },
      { accountId: account, type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${bucket}` },
    ],
    eventType: "AwsApiCall",
    managementEvent: false,
    recipientAccountId: account,
    eventCategory: "Data",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: host,
    },
  };
}

function identity(role: string, accountId: string, session: string): object {
  const principalId = `AROA${noise(role, 17).toUpperCase()}`;
  return {
    type: "AssumedRole",
    principalId: `${principalId}:${session}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    accountId,
    accessKeyId: `ASIA${noise(session, 16).toUpperCase()}`,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId,
        arn: `arn:aws:iam::${accountId}:role/${role}`,
        accountId,
        userName: role,
      },
      attributes: { creationDate: "2026-03-01T10:00:00Z", mfaAuthenticated: "false" },
    },
  };
}
