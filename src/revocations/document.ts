import { isoOf } from "../sessions/group.ts";
import { leastOf, type Denial, type DenialKind } from "./denial.ts";

/** Whose sessions a policy is read for: those of the one role it is in, or of all it hangs on. */
export type Carrier = "inline" | "managed";

/**
 * The policy that denies exactly this, as text: the same for the same denials in whatever order, so
 * that what stands and what should stand can be compared. Statements that are not ours are kept as
 * they are, before ours.
 *
 * Null: nothing is left to say. A managed policy cannot be empty and gets a statement that fits
 * nobody.
 */
export function documentOf(
  denials: readonly Denial[],
  carrier: Carrier,
  foreign: readonly unknown[] = [],
): string | null {
  const ours = statementsOf(leastOf(denials), carrier);
  const all = [...foreign, ...ours];
  if (all.length > 0) return written(all);
  return carrier === "managed" ? written([fittingNobody]) : null;
}

function written(statements: readonly unknown[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

interface Statement {
  readonly Sid: string;
  readonly Effect: "Deny";
  readonly Action: "*";
  readonly Resource: "*";
  readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** `aws:userid` is never without a colon for a role's session, nor `nobody` for anybody else. */
const fittingNobody: Statement = {
  Sid: "TrailwardenNobody",
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  Condition: { StringEquals: { "aws:userid": "nobody" } },
};

/** One statement for all that share kind, cutoff and, where it has to be said, the role. */
function statementsOf(denials: readonly Denial[], carrier: Carrier): readonly Statement[] {
  const groups = new Map<string, readonly [Denial, ...Denial[]]>();
  for (const denial of denials) {
    const sid = sidOf(denial, carrier);
    const group = groups.get(sid);
    groups.set(sid, group === undefined ? [denial] : [...group, denial]);
  }
  return [...groups].map(([sid, group]) => statementOf(sid, group, carrier));
}

const sidKinds: Readonly<Record<DenialKind, string>> = {
  "sign-in-session": "SignIn",
  "source-identity": "Source",
  "user-id": "User",
  role: "Role",
};

/** `TrailwardenUser1772359801`: by what it says, so that other statements do not change it. */
function sidOf({ kind, issuedBefore, roleId }: Denial, carrier: Carrier): string {
  const seconds = issuedBefore === null ? "" : String(issuedBefore / 1000);
  const role = isBound(kind, carrier) && kind !== "role" ? roleId : "";
  return `${sidPrefix}${sidKinds[kind]}${seconds}${role}`;
}
const sidPrefix = "Trailwarden";

/** A user id names its role by itself; the rest would fit any role that the policy hangs on. */
function isBound(kind: DenialKind, carrier: Carrier): boolean {
  return carrier === "managed" && kind !== "user-id";
}

function statementOf(
  Sid: string,
  group: readonly [Denial, ...Denial[]],
  carrier: Carrier,
): Statement {
  const [{ kind, issuedBefore }] = group;
  const roles = [...new Set(group.map(({ roleId }) => `${roleId}:*`))];
  const key = conditionKeys[kind];
  const Condition = {
    ...(key === null ? {} : { StringEquals: { [key]: group.map(({ value }) => value) } }),
    ...(isBound(kind, carrier) ? { StringLike: { "aws:userid": roles } } : {}),
    ...(issuedBefore === null
      ? {}
      : { DateLessThan: { "aws:TokenIssueTime": isoOf(issuedBefore).replace(".000Z", "Z") } }),
  };
  return { Sid, Effect: "Deny", Action: "*", Resource: "*", Condition };
}

/** Null: none, a role's statement has only a cutoff. */
export const conditionKeys: Readonly<Record<DenialKind, string | null>> = {
  "sign-in-session": "aws:SignInSessionArn",
  "source-identity": "aws:SourceIdentity",
  "user-id": "aws:userid",
  role: null,
};

/**
 * The statements of a stored document that are not ours, told by their Sid; null where it is no
 * policy that we could add to.
 */
export function foreignIn(document: string): readonly unknown[] | null {
  const statements = statementsIn(document);
  return statements?.filter((statement) => !isOurs(statement)) ?? null;
}

/** Null: it is no policy. */
export function statementsIn(document: string): readonly unknown[] | null {
  try {
    const parsed = JSON.parse(document) as { readonly Statement?: unknown } | null;
    const statements = parsed?.Statement;
    if (typeof statements !== "object" || statements === null) return null;
    return Array.isArray(statements) ? statements as readonly unknown[] : [statements];
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isOurs(statement: unknown): boolean {
  const sid = (statement as { readonly Sid?: unknown } | null)?.Sid;
  return typeof sid === "string" && sid.startsWith(sidPrefix);
}

/** Whether two stored documents say the same, whatever blanks IAM or a console put in. */
export function isSameDocument(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other;
  return compact(one) === compact(other);
}

function compact(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document));
  } catch (error) {
    if (error instanceof SyntaxError) return document;
    throw error;
  }
}

/**
 * Characters as IAM counts them against its quotas: blanks do not count. There are none beyond
 * U+00FF in a policy.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function charactersIn(document: string): number {
  return document.replaceAll(/[ \t\r\n]+/g, "").length;
}
