import { z } from "zod";
import { byCategory, byMeasure } from "../baselines/day-bucket.ts";
import { standings } from "../baselines/placing.ts";
import { Reason } from "./shapes.ts";

const Day = z.string().meta({ format: "date", description: "UTC", example: "2026-03-01" });
const Confidence = z.enum(["high", "medium", "low"]);

const view = {
  role: z.string().meta({ description: "<account>/<role>, or <account>/user/<name>." }),
  agent: z.string().nullable(),
  kind: z.enum(["ai", "automation", "declared", "none"]),
  asOf: Day,
  sessions: z.int(),
  days: z.int(),
  since: Day.nullable(),
  maturity: z.enum(["mature", "learning"]),
  judgedBy: z.enum(["agent", "role", "kind", "fleet"]).nullable(),
  missing: z.object({ sessions: z.int(), days: z.int(), scored: z.int() }),
  truncated: z.boolean(),
  resetOn: Day.nullable(),
};
const exampleView = {
  role: "111122223333/aider-readonly",
  agent: "aider",
  kind: "ai" as const,
  asOf: "2026-03-29",
  sessions: 152,
  days: 28,
  since: "2026-03-01",
  maturity: "mature" as const,
  judgedBy: "agent" as const,
  missing: { sessions: 0, days: 0, scored: 0 },
  truncated: false,
  resetOn: null,
};

export const BaselineShape = z.object(view).meta({
  id: "Baseline",
  description: "Whether what a role's agent did before is enough to judge its sessions by.",
  example: exampleView,
});

const Value = z.object({ value: z.string(), sessions: z.int(), share: z.number() });
const Band = z.object({
  low: z.number(), median: z.number(), high: z.number(), highest: z.number(),
});
const shown = {
  session: z.string(),
  day: Day,
  standing: z.enum(standings),
  pValue: z.number().nullable(),
  isUnusual: z.boolean(),
  confidence: Confidence,
  scoreBits: z.number().nullable(),
};
const HeldBy = z.object({ id: z.string(), rule: z.string(), level: z.string() });

export const BaselineDetailShape = z.object({
  ...view,
  threshold: z.number().nullable().meta({
    description: "What a session's p-value must not exceed to be unusual.",
  }),
  alertsPerWeek: z.number(),
  values: z.object(byCategory(() => z.object({ distinct: z.int(), usual: z.array(Value) }))),
  numbers: z.object(byMeasure(() => Band)).meta({
    description: "Per session: what 5, 50, 95 and all of 100 stay within.",
  }),
  hours: z.array(z.int()).meta({ description: "Sessions by hour, from Monday 00:00 UTC." }),
  latest: z.array(z.object(shown)),
  quarantined: z.array(z.object({ ...shown, heldBy: z.array(HeldBy) })).meta({
    description: "Sessions that nothing is learned of, and the findings for which it is so.",
  }),
}).meta({ id: "BaselineDetail", description: "What is normal for a role's agent." });

export const BaselinePath = z.strictObject({
  account: z.string().min(1).max(64).meta({ example: "111122223333" }),
  role: z.string().min(1).max(256).meta({
    description: "The role's name, or user/<name>, percent-encoded.", example: "aider-readonly",
  }),
});

const dayError = "expected a day such as 2026-03-01";
export const AskedDay = z.iso.date({ error: dayError })
  .transform((text) => Date.parse(text) / 86_400_000);

export const ResetBody = z.strictObject({
  reason: Reason,
  agent: z.string().min(1).max(256).optional()
    .meta({ description: "Only this agent's; absent: of all agents of the role." }),
  from: AskedDay.optional()
    .meta({ description: "The first day that counts; absent: today.", example: "2026-03-01" }),
});
