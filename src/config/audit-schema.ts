import { Cron } from "croner";
import { z } from "zod";
import { AccountId, AssumedRole, Glob, Name, TimeZone } from "./value-schema.ts";

const Days = z.int().min(1).max(3650);

/** https://croner.56k.guru/usage/pattern/: minute, hour, day, month, day of the week. */
const Schedule = z.string().refine(isSchedule, "five fields of cron, such as 0 6 * * 1");

/** One that never comes, such as `0 0 30 2 *`, is none. */
function isSchedule(text: string): boolean {
  try {
    const isShort = text.trim().split(/\s+/).length === 5;
    return isShort && new Cron(text, { paused: true }).nextRun(new Date(0)) !== null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

/** Which accounts an audit asks IAM about, and from when on it says so. */
export const Audit = z.strictObject({
  /** Empty: that of our own credentials. */
  accounts: z
    .array(z.strictObject({ id: AccountId, assumeRole: AssumedRole.optional() }))
    .default([]),
  /** So long without use is too long. */
  unusedDays: Days.default(30),
  /** So young, an identity may still wait for its first use. */
  newDays: Days.default(7),
  keyAgeDays: Days.default(90),
  /** What has been watched for less proves nothing unused. */
  watchedDays: Days.default(30),
  /** Failures that somebody decided to live with, up to that day (UTC). */
  accepted: z
    .array(z.strictObject({
      check: Name,
      /** Of ARNs, or of agents' names. */
      subject: Glob,
      account: AccountId.optional(),
      reason: z.string().min(1),
      until: z.iso.date("a day, such as 2026-12-31"),
    }))
    .default([]),
  /** When `watch` audits; absent: never. */
  schedule: Schedule.optional(),
  /** The time zone whose clock the schedule means. */
  timeZone: TimeZone.default("UTC"),
  /** Where each scheduled run leaves its reports, in a folder of its own. */
  reports: z.string().min(1).optional(),
  /** A PEM file with the Ed25519 key that signs reports' manifests. */
  signingKeyFile: z.string().min(1).optional(),
});
