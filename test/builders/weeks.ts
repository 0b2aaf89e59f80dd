import { Config } from "../../src/config/schema.ts";
import type { RawRecord } from "../../src/records/record.ts";

/** A small past is enough to be judged by. */
export const config = Config.parse({
  agents: [
    { name: "inventory", roles: ["arn:aws:iam::111111111111:role/ro-inventory"] },
    { name: "report", roles: ["arn:aws:iam::111111111111:role/ro-report"] },
  ],
  baselines: {
    windowDays: 14, halfLifeDays: 7, matureSessions: 10, matureDays: 4, alertsPerRoleWeek: 3,
  },
});

/** 2026-03-01T10:00:00Z. */
export const march1 = Date.UTC(2026, 2, 1, 10);
export const dayMs = 86_400_000;
const secondMs = 1000;

/** Calls of one session: each an operation, after so many seconds, in a region. */
export type Calls = readonly (readonly [operation: string, after: number, region?: string])[];

/** A session of a role in 111111111111, from `at` (ms UTC) on. */
export function session(
  [role, name]: readonly [role: string, name: string],
  at: number,
  calls: Calls,
): readonly RawRecord[] {
  const iso = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
  return calls.map(([operation, after, region = "eu-west-1"], i) => {
    const [service = "", eventName = ""] = operation.split(":");
    return {
      eventVersion: "1.11",
      eventID: `${name}-${i}`,
      requestID: `request ${name}-${i}`,
      eventTime: iso(at + after * secondMs),
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: region,
      sourceIPAddress: "198.51.100.9",
      userAgent: "aws-cli/2.36.7 os/linux lang/python",
      eventType: "AwsApiCall",
      recipientAccountId: "111111111111",
      requestParameters: eventName === "GetSecretValue" ? { secretId: `secret-${i}` } : null,
      userIdentity: {
        type: "AssumedRole",
        principalId: `AROA${role.toUpperCase()}:${name}`,
        arn: `arn:aws:sts::111111111111:assumed-role/${role}/${name}`,
        accountId: "111111111111",
        accessKeyId: `ASIA${name.toUpperCase()}`,
        sessionContext: {
          sessionIssuer: {
            type: "Role", principalId: `AROA${role.toUpperCase()}`, accountId: "111111111111",
            arn: `arn:aws:iam::111111111111:role/${role}`, userName: role,
          },
          attributes: { creationDate: iso(at), mfaAuthenticated: "false" },
        },
      },
    };
  });
}
