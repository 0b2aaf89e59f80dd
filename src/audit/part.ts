import { z } from "zod";

/** Why something is not known. A closed set: checks tell it, and metrics count it. */
export const unknownReasons = [
  "denied", // the credentials may not ask
  "failed", // AWS did not answer, or not with what was asked for
  "not-asked", // nobody asked, or not yet
] as const;
export type UnknownReason = (typeof unknownReasons)[number];

const Unknown = z.object({
  known: z.literal(false),
  reason: z.enum(unknownReasons),
  /** The IAM action that tells it: `iam:ListRoles`. */
  action: z.string(),
  /** One sentence for a person. */
  said: z.string(),
});
export type Unknown = z.infer<typeof Unknown>;

/** A part as JSON: known, with when it was read, or why not. */
export function partOf<T extends z.ZodType>(value: T) {
  const known = z.object({ known: z.literal(true), at: z.int(), value });
  return z.discriminatedUnion("known", [known, Unknown]);
}

/**
 * What AWS was asked for at once. A check that leans on an unknown part is *unknown* itself; an
 * empty list that is known says that there are none.
 */
export type Part<T> =
  | { readonly known: true; readonly at: number; readonly value: T }
  | Readonly<Unknown>;

/** @param at ms UTC, when it was read */
export function knownPart<T>(value: T, at: number): Part<T> & { readonly known: true } {
  return { known: true, at, value };
}

export function notAsked(action: string): Unknown {
  return { known: false, reason: "not-asked", action, said: "It was not asked for." };
}
