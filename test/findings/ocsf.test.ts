import { describe, expect, it } from "vitest";
import { z } from "zod";
import { levels } from "../../src/detections/detection.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { ocsfFinding } from "../../src/findings/ocsf.ts";
import { finding } from "../notices/made.ts";

const Account = z.strictObject({
  uid: z.string(), type_id: z.literal(10), type: z.literal("AWS Account"),
});
const User = z.strictObject({
  uid: z.string().optional(), name: z.string().optional(), credential_uid: z.string().optional(),
  account: Account.optional(),
});
const Uid = z.strictObject({ uid: z.string() });

/**
 * What we use of the class, by its published schema: names, types, what is required, and closed
 * sets. https://schema.ocsf.io/1.3.0/classes/detection_finding?profiles=cloud
 */
const DetectionFinding = z.strictObject({
  category_uid: z.literal(2), category_name: z.literal("Findings"),
  class_uid: z.literal(2004), class_name: z.literal("Detection Finding"),
  activity_id: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  activity_name: z.enum(["Create", "Update", "Close"]),
  type_uid: z.int(), type_name: z.string(),
  time: z.int(), start_time: z.int(), end_time: z.int(), count: z.int().min(1),
  severity_id: z.int().min(1).max(5), severity: z.string(),
  confidence_id: z.int().min(1).max(3), confidence: z.enum(["Low", "Medium", "High"]),
  status_id: z.int().min(1).max(4),
  status: z.enum(["New", "In Progress", "Suppressed", "Resolved"]),
  message: z.string(), comment: z.string().optional(),
  metadata: z.strictObject({
    version: z.literal("1.3.0"), profiles: z.tuple([z.literal("cloud")]),
    product: z.strictObject({ name: z.string(), vendor_name: z.string(), version: z.string() }),
    log_name: z.string(), event_code: z.string(),
  }),
  cloud: z.strictObject({ provider: z.literal("AWS"), account: Account.optional() }),
  finding_info: z.strictObject({
    uid: z.string(), title: z.string(), desc: z.string(),
    first_seen_time: z.int(), last_seen_time: z.int(),
    analytic: z.strictObject({
      uid: z.string(), name: z.string(), type_id: z.literal(1), type: z.literal("Rule"),
    }),
    data_sources: z.array(z.string()),
    related_events: z.array(Uid),
    attacks: z.array(z.strictObject({ technique: Uid, sub_technique: Uid.optional() }))
      .min(1).optional(),
  }),
  evidences: z.array(z.strictObject({
    actor: z.strictObject({
      user: User, session: Uid.optional(), app_name: z.string().optional(),
    }),
    data: z.record(z.string(), z.unknown()),
  })),
  resources: z.array(z.strictObject({
    uid: z.string(), type: z.string(), owner: User.optional(),
  })),
  unmapped: z.record(z.string(), z.unknown()),
});

const whole: Partial<Finding> = {
  agent: { name: "aider", basis: "role-arn" },
  role: { arn: "arn:aws:iam::111122223333:role/ro", mode: "readonly" },
  session: { id: "s1", arn: "arn:aws:sts::111122223333:assumed-role/ro/x", name: "x\u0000" },
  credential: { accessKeyId: "ASIAEXAMPLE" },
  tags: ["attack.t1078.004", "attack.T1098", "attack.persistence", "cve.2026.1"],
  values: { "event.operation": "s3:PutObject" },
};

describe("a finding as OCSF", () => {
  const cases: readonly (readonly [string, Partial<Finding>])[] = [
    ["with nothing known", { account: null }],
    ["with everything", whole],
    ...levels.map((level) => [level, { level }] as const),
    ...(["low", "medium", "high"] as const).map((confidence) =>
      [confidence, { confidence }] as const),
    ...(["open", "acknowledged", "suppressed", "closed"] as const).map((status) =>
      [status, { status, note: "Why." }] as const),
  ];
  it.each(cases)("is a Detection Finding: %s", (_what, changes) => {
    const json: unknown = JSON.parse(JSON.stringify(ocsfFinding(finding(changes), "1.2.3")));
    const { data, error } = DetectionFinding.safeParse(json);
    expect(error?.issues).toBeUndefined();
    expect(data?.type_uid).toBe(200_400 + (data?.activity_id ?? 0));
  });

  it("says what happened in its words", () => {
    const closed = { ...whole, status: "closed", verdict: "benign", level: "critical" } as const;
    expect(ocsfFinding(finding(closed), "1.2.3")).toMatchObject({
      activity_name: "Close", type_uid: 200_403, severity_id: 5, severity: "Critical",
      confidence_id: 3, status: "Resolved", time: 1_772_359_200_000,
      cloud: { account: { uid: "111122223333" } },
      finding_info: {
        uid: "a000000000000000", related_events: [{ uid: "e1" }],
        attacks: [
          { technique: { uid: "T1078" }, sub_technique: { uid: "T1078.004" } },
          { technique: { uid: "T1098" } },
        ],
      },
      evidences: [{
        actor: {
          user: {
            uid: "arn:aws:sts::111122223333:assumed-role/ro/x", name: "x\u0000",
            credential_uid: "ASIAEXAMPLE",
          },
          session: { uid: "s1" }, app_name: "aider",
        },
        data: { "event.operation": "s3:PutObject" },
      }],
      resources: [{ uid: "arn:aws:iam::111122223333:role/ro", type: "AWS::IAM::Role" }],
      unmapped: { verdict: "benign", agent: { name: "aider" } },
    });
  });
});
