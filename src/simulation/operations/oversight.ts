import { one, some } from "./compute.ts";
import type { Operation, Place } from "./operation.ts";
import { read, write } from "./operation.ts";

/** IAM, STS, logs, metrics, CloudTrail, Config, Route 53, tags and Cost Explorer. */
export const oversight = {
  "sts:GetCallerIdentity": read("sts:GetCallerIdentity", () => ({ request: null })),
  "iam:ListRoles": read("iam:ListRoles", () => ({ request: { maxItems: 100 } })),
  "iam:GetRole": read("iam:GetRole", (place) => ({ request: { roleName: one(place, "roles") } })),
  "iam:ListRolePolicies": read("iam:ListRolePolicies", (place) => ({
    request: { roleName: one(place, "roles") },
  })),
  "iam:ListAttachedRolePolicies": read("iam:ListAttachedRolePolicies", (place) => ({
    request: { roleName: one(place, "roles") },
  })),
  "iam:ListUsers": read("iam:ListUsers", () => ({ request: { maxItems: 100 } })),
  "iam:ListAccessKeys": read("iam:ListAccessKeys", (place) => ({
    request: { userName: one(place, "users") },
  })),
  "iam:GetAccountSummary": read("iam:GetAccountSummary", () => ({ request: null })),
  "iam:GetAccountPasswordPolicy": read("iam:GetAccountPasswordPolicy", () => ({ request: null })),
  "iam:GenerateCredentialReport": read("iam:GenerateCredentialReport", () => ({ request: null })),
  "iam:GenerateServiceLastAccessedDetails": read(
    "iam:GenerateServiceLastAccessedDetails",
    (place) => ({
      request: { arn: `arn:aws:iam::${place.inventory.account}:role/${one(place, "roles")}` },
    }),
  ),
  "logs:DescribeLogGroups": read("logs:DescribeLogGroups", () => ({ request: { limit: 50 } })),
  "logs:DescribeLogStreams": read("logs:DescribeLogStreams", (place) => ({
    request: { logGroupName: one(place, "logGroups"), orderBy: "LastEventTime", descending: true },
  })),
  "logs:FilterLogEvents": read("logs:FilterLogEvents", (place) => ({
    request: {
      logGroupName: one(place, "logGroups"),
      startTime: place.at - 3_600_000,
      endTime: place.at,
      filterPattern: place.random.pick(["?ERROR ?Exception", "{ $.level = \"error\" }", "timeout"]),
    },
  })),
  "logs:StartQuery": read("logs:StartQuery", (place) => ({
    request: {
      logGroupNames: some(place, "logGroups"),
      startTime: Math.floor(place.at / 1000) - 3600,
      endTime: Math.floor(place.at / 1000),
      queryString: "HIDDEN_DUE_TO_SECURITY_REASONS",
      limit: 1000,
    },
    response: { queryId: place.random.uuid() },
  })),
  "logs:GetQueryResults": read("logs:GetQueryResults", (place) => ({
    request: { queryId: place.random.uuid() },
  })),
  "cloudwatch:DescribeAlarms": read("cloudwatch:DescribeAlarms", (place) => ({
    request: { alarmNames: some(place, "alarms"), maxRecords: 100 },
  })),
  "cloudwatch:GetMetricData": read("cloudwatch:GetMetricData", (place) => ({
    request: {
      startTime: place.at - 3_600_000,
      endTime: place.at,
      metricDataQueries: [{ id: "m1", label: one(place, "services"), returnData: true }],
    },
  })),
  "cloudwatch:PutMetricAlarm": write("cloudwatch:PutMetricAlarm", (place) => ({
    request: {
      alarmName: one(place, "alarms"),
      metricName: "Errors",
      namespace: "AWS/Lambda",
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 3,
      threshold: place.random.between(1, 20),
      comparisonOperator: "GreaterThanThreshold",
    },
    response: null,
  })),
  "cloudtrail:DescribeTrails": read("cloudtrail:DescribeTrails", () => ({
    request: { trailNameList: [], includeShadowTrails: true },
  })),
  "cloudtrail:GetTrailStatus": read("cloudtrail:GetTrailStatus", (place) => ({
    request: { name: trailArn(place) },
  })),
  "cloudtrail:LookupEvents": read("cloudtrail:LookupEvents", () => ({
    request: { maxResults: 50, lookupAttributes: [] },
  })),
  "config:DescribeConfigRules": read("config:DescribeConfigRules", () => ({ request: null })),
  "config:GetComplianceSummaryByConfigRule": read(
    "config:GetComplianceSummaryByConfigRule",
    () => ({ request: null }),
  ),
  "route53:ListHostedZones": read("route53:ListHostedZones", () => ({ request: null })),
  "route53:ListResourceRecordSets": read("route53:ListResourceRecordSets", (place) => ({
    request: { hostedZoneId: one(place, "zones"), maxItems: 100 },
  })),
  "route53:ChangeResourceRecordSets": write("route53:ChangeResourceRecordSets", (place) => {
    const name = `${one(place, "services")}.internal.example.com.`;
    const resourceRecordSet = { name, type: "CNAME", tTL: 60 };
    return {
      request: {
        hostedZoneId: one(place, "zones"),
        changeBatch: { changes: [{ action: "UPSERT", resourceRecordSet }] },
      },
      response: { changeInfo: { id: `/change/C0${place.random.hex(18)}`, status: "PENDING" } },
    };
  }),
  "tagging:GetResources": read("tagging:GetResources", () => ({
    request: { resourcesPerPage: 100, tagFilters: [{ key: "Team" }] },
  })),
  "ce:GetCostAndUsage": read("ce:GetCostAndUsage", () => ({
    request: { granularity: "DAILY", metrics: ["UnblendedCost"], groupBy: [{ type: "DIMENSION" }] },
  })),
  "securityhub:GetFindings": read("securityhub:GetFindings", () => ({
    request: { maxResults: 100, filters: {} },
  })),
  "guardduty:ListDetectors": read("guardduty:ListDetectors", () => ({ request: null })),
  "guardduty:ListFindings": read("guardduty:ListFindings", (place) => ({
    request: { detectorId: place.inventory.keys[0]?.replaceAll("-", "") },
  })),
  "access-analyzer:ListAnalyzers": read("access-analyzer:ListAnalyzers", () => ({ request: null })),
  "organizations:ListAccounts": read("organizations:ListAccounts", () => ({ request: null })),
} as const satisfies Readonly<Record<string, Operation>>;

export function trailArn({ region, inventory }: Place): string {
  return `arn:aws:cloudtrail:${region}:${inventory.account}:trail/org-trail`;
}
