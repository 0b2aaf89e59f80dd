import { z } from "zod";

/** An ARN or name pattern: `*` matches any run of characters, `?` one. Case-sensitive. */
export const Glob = z.string().min(1).max(2048);
export const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "lower-case letters, digits, . _ -, at most 63");
export const AccountId = z
  .string()
  .regex(/^\d{12}$/, "12 digits, in quotes (so that YAML keeps leading zeros)");
export const Region = z
  .string()
  .regex(/^[a-z]{2,5}(?:-[a-z]+)+-\d+$/, "a region, such as eu-west-1");

/** A role to assume before calling AWS. */
export const AssumedRole = z.strictObject({
  roleArn: z.string().regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, "the ARN of an IAM role"),
  externalId: z.string().min(2).max(1224).optional(),
});

export const TimeZone = z.string().refine(isTimeZone, "a time zone, such as Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
