import { z } from "zod";

const At = z.iso.datetime("expected an instant like 2026-03-01T10:00:00Z");

/** A revocation that was in force, as a case writes it: of one session by its name, or of a key. */
export const CaseRevocation = z
  .strictObject({
    id: z.string().default("r1"),
    /** `AROA…:task-4711`, with a cutoff at `appliedAt`. */
    session: z
      .string()
      .regex(/^AROA\w+:.+$/, "expected a role's id and a session's name")
      .optional(),
    accessKeyId: z.string().optional(),
    appliedAt: At,
    undoneAt: At.optional(),
  })
  .refine(({ session, accessKeyId }) => (session === undefined) !== (accessKeyId === undefined), {
    message: "expected a session or an accessKeyId",
  });

/** What took access from whom. Instants in ms UTC. */
export interface ToldRevocation {
  readonly id: string;
  /** `AROA…:task-4711`, or an access key id. */
  readonly of: string;
  readonly appliedAt: number;
  readonly undoneAt: number | null;
}

export function revocationIn(written: z.infer<typeof CaseRevocation>): ToldRevocation {
  const { id, session, accessKeyId, appliedAt, undoneAt } = written;
  return {
    id,
    of: session ?? accessKeyId ?? "",
    appliedAt: Date.parse(appliedAt),
    undoneAt: undoneAt === undefined ? null : Date.parse(undoneAt),
  };
}
