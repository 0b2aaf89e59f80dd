import { charactersIn, foreignIn, type Carrier } from "./document.ts";
import type { Change } from "./plan.ts";
import { roleKey } from "./role-name.ts";
import type { KeyStatus, PolicySeen, RoleSeen } from "./role-gate.ts";

/** Where denials are written: one policy, with one writer at a time. */
export type Place =
  | {
      readonly carrier: "inline";
      readonly account: string;
      readonly roleName: string;
      readonly policyName: string;
    }
  | {
      readonly carrier: "managed";
      readonly account: string;
      readonly policyArn: string;
    };

/** `inline 111122223333/aider-ro TrailwardenSessionDeny`, `managed arn:aws:iam::…`. */
export function placeKey(place: Place): string {
  return place.carrier === "managed"
    ? `managed ${place.policyArn}`
    : `inline ${place.account}/${place.roleName} ${place.policyName}`;
}

/** What a change is told apart by, and what has one writer at a time. */
export function changeKey(change: Change): string {
  return change.kind === "deny"
    ? placeKey(change.place)
    : `key ${change.account}/${change.userName} ${change.accessKeyId}`;
}

/** What was read of the accounts; what is absent was not asked for. */
export interface Seen {
  /** By {@link roleKey}; null: AWS knows no such role. */
  readonly roles: ReadonlyMap<string, RoleSeen | null>;
  /** Our managed policies, by ARN. */
  readonly policies: ReadonlyMap<string, PolicySeen | null>;
  /** Long-term keys of IAM users, by key id. */
  readonly keys: ReadonlyMap<string, KeyStatus | null>;
}

export function seenRole({ roles }: Seen, roleArn: string): RoleSeen | null | undefined {
  return roles.get(roleKey(roleArn));
}

/**
 * Of all inline policies of a role together, of one managed policy, and policies on a role that
 * IAM attaches without being asked for more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const inlineCharactersMax = 10_240;
const managedCharactersMax = 6_144;
export const attachmentsMax = 10;

/** What a policy of ours may hold. */
export interface Room {
  readonly carrier: Carrier;
  readonly charactersMax: number;
  /** Statements in it that are not ours, and stay. */
  readonly foreign: readonly unknown[];
}

/** Null: what stands under our name is no policy that we could add to. */
export function roomIn(place: Place, seen: RoleSeen | PolicySeen | null): Room | null {
  const { carrier } = place;
  if (place.carrier === "inline") {
    const policies = seen !== null && "inlinePolicies" in seen ? seen.inlinePolicies : [];
    const own = policies.find(({ name }) => name === place.policyName);
    const others = policies.filter((policy) => policy !== own);
    const taken = others.reduce((sum, { document }) => sum + charactersIn(document), 0);
    return room(carrier, inlineCharactersMax - taken, own?.document ?? null);
  }
  const document = seen !== null && "versions" in seen ? seen.document : null;
  return room(carrier, managedCharactersMax, document);
}

function room(carrier: Carrier, charactersMax: number, document: string | null): Room | null {
  const foreign = document === null ? [] : foreignIn(document);
  return foreign === null ? null : { carrier, charactersMax, foreign };
}
