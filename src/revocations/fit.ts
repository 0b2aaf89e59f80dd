import { leastOf, type Denial } from "./denial.ts";
import { charactersIn, documentOf } from "./document.ts";
import type { Room } from "./place.ts";

/** How far denials had to be widened to find room, the narrowest first. */
export const widenings = [
  "none",
  "shared-cutoff", // all names of the role with the newest cutoff: what they were issued since, too
  "role-wide", // every session of the role before the cutoff
] as const;
export type Widening = (typeof widenings)[number];

export interface Fit {
  /** What is to be granted: at least what was wanted. */
  readonly denials: readonly Denial[];
  readonly widening: Widening;
  /** The whole policy then; null: none. */
  readonly document: string | null;
}

/** What a role's new denials stand beside. */
export interface Beside {
  readonly room: Room;
  /** Denials that are in force in the same policy, of this and other roles. */
  readonly granted: readonly Denial[];
  /** ms UTC, a whole second: what is widened is cut off here. */
  readonly cutoff: number;
}

/**
 * The narrowest form of a role's denials that fits; null where none does.
 *
 * A list of names under one cutoff takes a third of the room of the same names under one each, but
 * hits again who came back under an old name.
 */
export function fit(wanted: readonly Denial[], beside: Beside, from: Widening): Fit | null {
  for (const widening of widenings.slice(widenings.indexOf(from))) {
    const denials = widened(wanted, beside, widening);
    const policy = written([...beside.granted, ...denials], beside.room);
    if (policy !== null) return { denials, widening, ...policy };
  }
  return null;
}

/** The whole policy (a null document: none is needed); null where it is too long. */
export function written(
  denials: readonly Denial[],
  { carrier, foreign, charactersMax }: Room,
): Pick<Fit, "document"> | null {
  const document = documentOf(denials, carrier, foreign);
  return document !== null && charactersIn(document) > charactersMax ? null : { document };
}

function widened(
  wanted: readonly Denial[],
  { granted, cutoff }: Beside,
  widening: Widening,
): readonly Denial[] {
  const roleIds = new Set(wanted.map(({ roleId }) => roleId));
  switch (widening) {
    case "none":
      return leastOf(wanted);
    case "shared-cutoff": {
      const ofRoles = granted.filter(({ roleId, kind }) => roleIds.has(roleId) && kind !== "role");
      return leastOf([...ofRoles, ...wanted].map((denial) =>
        denial.issuedBefore === null ? denial : { ...denial, issuedBefore: cutoff }));
    }
    case "role-wide":
      return leastOf([
        // What a sign-in session mints later is not before any cutoff.
        ...wanted.filter(({ issuedBefore }) => issuedBefore === null),
        ...[...roleIds].map((roleId) => wholeRole(roleId, cutoff)),
      ]);
    default:
      return widening satisfies never;
  }
}

export function wholeRole(roleId: string, issuedBefore: number): Denial {
  return { roleId, kind: "role", value: "", issuedBefore };
}
