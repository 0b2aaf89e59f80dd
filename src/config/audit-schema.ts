import { z } from "zod";
import { AccountId, AssumedRole } from "./value-schema.ts";

const Days = z.int().min(1).max(3650);

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
});
