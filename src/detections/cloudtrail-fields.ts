import { didYouMean } from "../text/nearest.ts";

/** What CloudTrail may put under a key: anything, or a closed set of keys. */
type Shape = "open" | { readonly [key: string]: Shape };

const issuer = {
  type: "open", principalId: "open", arn: "open", accountId: "open", userName: "open",
} as const;

/**
 * The fields of a record; `open` where the called service decides.
 *
 * CloudTrail User Guide, "CloudTrail record contents" and "CloudTrail userIdentity element".
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
 */
const record: { readonly [key: string]: Shape } = {
  eventVersion: "open",
  eventTime: "open",
  userIdentity: {
    type: "open",
    principalId: "open",
    arn: "open",
    accountId: "open",
    accessKeyId: "open",
    userName: "open",
    identityProvider: "open",
    invokedBy: "open",
    invokedByDelegate: "open",
    onBehalfOf: "open",
    inScopeOf: "open",
    credentialId: "open",
    sessionContext: {
      sessionIssuer: issuer,
      webIdFederationData: "open",
      attributes: "open",
      sourceIdentity: "open",
      ec2RoleDelivery: "open",
      assumedRoot: "open",
      signInSessionArn: "open",
    },
  },
  eventSource: "open",
  eventName: "open",
  awsRegion: "open",
  sourceIPAddress: "open",
  userAgent: "open",
  errorCode: "open",
  errorMessage: "open",
  requestParameters: "open",
  responseElements: "open",
  additionalEventData: "open",
  requestID: "open",
  eventID: "open",
  readOnly: "open",
  resources: { ARN: "open", ARNPrefix: "open", accountId: "open", type: "open" },
  apiVersion: "open",
  eventType: "open",
  recipientAccountId: "open",
  sharedEventID: "open",
  vpcEndpointId: "open",
  vpcEndpointAccountId: "open",
  serviceEventDetails: "open",
  managementEvent: "open",
  eventCategory: "open",
  addendum: {
    reason: "open", updatedFields: "open", originalRequestID: "open", originalEventID: "open",
  },
  sessionCredentialFromConsole: "open",
  edgeDeviceDetails: "open",
  tlsDetails: {
    tlsVersion: "open",
    cipherSuite: "open",
    clientProvidedHostHeader: "open",
    keyExchange: "open",
  },
  eventContext: "open",
  insightDetails: "open",
  annotation: "open",
};

/** Why a rule that leans on this field can see nothing in it; null when CloudTrail may send it. */
export function whyNeverSent(field: string): string | null {
  let shape: Shape = record;
  const walked: string[] = [];
  for (const segment of field.split(".")) {
    if (shape === "open") return null;
    if (!Object.hasOwn(shape, segment)) {
      const where = walked.length === 0 ? "in a record" : `under ${walked.join(".")}`;
      const hint = didYouMean(segment, Object.keys(shape));
      return `CloudTrail never sends ${segment} ${where}.${hint}`;
    }
    shape = shape[segment] ?? "open";
    walked.push(segment);
  }
  return null;
}
