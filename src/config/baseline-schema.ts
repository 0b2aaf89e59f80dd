import { z } from "zod";

/** What is normal for a role: over how long it is learned, and how much noise it may make. */
export const Baselines = z.strictObject({
  /** How many days before a session it is compared with. */
  windowDays: z.int().min(7).max(90).default(28),
  /** After so many days a session counts half. */
  halfLifeDays: z.number().min(1).max(365).default(14),
  /** A role is judged by its own past from so many sessions, on so many days. */
  matureSessions: z.int().min(5).max(10_000).default(20),
  matureDays: z.int().min(2).max(90).default(7),
  /** How many sessions of a role that behaves as ever may be called unusual in a week. */
  alertsPerRoleWeek: z.number().min(0.01).max(100).default(1),
});
export type Baselines = z.infer<typeof Baselines>;
