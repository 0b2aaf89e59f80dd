/** A revocation that takes access from a session, or from one key of it; instants in ms UTC. */
export interface RevocationTie {
  readonly revocationId: string;
  /** Null: every credential of the session. */
  readonly accessKeyId: string | null;
  /** When it was first read back as in force. */
  readonly since: number;
  /** When it was undone, or was out again; null: it is in force. */
  readonly until: number | null;
}

/**
 * The first to be in force of those that take a call at this instant, made with this key, from a
 * session; null: none does.
 */
export function revokedAt(
  ties: readonly RevocationTie[],
  { at, accessKeyId }: { readonly at: number; readonly accessKeyId: string | null },
): RevocationTie | null {
  if (ties.length === 0) return null;
  const inForce = ties.filter((tie) =>
    tie.since <= at && at < (tie.until ?? Infinity) &&
    (tie.accessKeyId === null || tie.accessKeyId === accessKeyId));
  return inForce.reduce<RevocationTie | null>(
    (first, tie) => first === null || tie.since < first.since ? tie : first, null,
  );
}
