import type { Session } from "../sessions/session.ts";

/**
 * The sessions that were assumed from these, and from those, and so on: a deny on the parent does
 * not reach credentials that it has already given away.
 */
export function chainedFrom(
  parents: readonly Session[],
  all: readonly Session[],
): readonly Session[] {
  const found = new Set(parents);
  for (let last = parents; last.length > 0; ) {
    const next = all.filter((child) => !found.has(child) && last.some((one) => isFrom(child, one)));
    for (const child of next) found.add(child);
    last = next;
  }
  return [...found].slice(parents.length);
}

/** By the access key that asked; by its group too, unless people share that with an agent. */
function isFrom(child: Session, parent: Session): boolean {
  const isOwnGroup = parent.anchor !== "sign-in-session";
  return [child.issuance, ...child.credentials.map(({ issuance }) => issuance)].some((issuance) => {
    if (issuance === null) return false;
    const { accessKeyId, groupKey } = issuance.issuer;
    return (isOwnGroup && groupKey === parent.groupKey) ||
      parent.credentials.some((held) => held.accessKeyId === accessKeyId);
  });
}
