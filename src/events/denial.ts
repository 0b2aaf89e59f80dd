import type { Denial } from "./result.ts";

/**
 * Why a call was denied, from its message: `User: … is not authorized to perform: iam:CreateUser on
 * resource: user bob because no identity-based policy allows the iam:CreateUser action`, or `… with
 * an explicit deny in a service control policy: arn:aws:organizations::…`. The ARN stands there
 * since 2026, for policies of the same account or organisation.
 *
 * The message may be cut at 1 KB anywhere, and may end in EC2's encoded blob or in an authorization
 * id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function readDenial(message: string | null): Denial {
  if (message === null) return untold;
  const performed = afterFirst(message, "is not authorized to perform: ");
  const action = performed === null ? null : (actionShape.exec(performed)?.[0] ?? null);
  const resource = performed === null ? null : resourceOf(performed);
  const reason = reasonOf(message);
  return { ...reason, action, resource };
}

/**
 * The reason stands behind the resource, whose name may hold either phrase: the last mention is
 * AWS's.
 */
function reasonOf(message: string): Pick<Denial, "kind" | "policyType" | "policyArn"> {
  const explicitAt = message.lastIndexOf(explicitPhrase);
  const implicitAt = message.lastIndexOf(implicitPhrase);
  if (explicitAt > implicitAt) {
    const policy = message.slice(explicitAt + explicitPhrase.length).replace(article, "");
    return { kind: "explicit", ...policyOf(policy) };
  }
  const policy = implicitAt < 0 ? "" : message.slice(implicitAt + implicitPhrase.length);
  const policyType = implicitShape.exec(policy)?.[1] ?? null;
  return { kind: policyType === null ? "unknown" : "implicit", policyType, policyArn: null };
}
const explicitPhrase = " with an explicit deny in ";
const implicitPhrase = "because no ";

const untold: Denial = {
  kind: "unknown",
  policyType: null,
  policyArn: null,
  action: null,
  resource: null,
};

// Every pattern below is anchored and bounded: messages hold names that callers choose.
const actionShape = /^[\w-]{1,64}:[\w*]{1,128}/;
const article = /^(?:an?|the) /;
const implicitShape = /^([\w -]{1,60}?)(?: policy| policies)? allows\b/;
const explicitShape = /^([\w -]{1,60}?)(?: policy| policies)?(?=$|[.:,]| enforced| transitively)/;
const policyArnShape = /^: {0,2}(arn:\S{1,2048}?)(?=[.,;]?(?:\s|$))/;

/**
 * An ARN ends at a blank; other resources (`user bob`, `instance profile Web`) where the reason
 * begins.
 */
function resourceOf(performed: string): string | null {
  const text = afterFirst(performed, " on resource: ");
  if (text === null) return null;
  const bare = text.startsWith('"') ? text.slice(1, closing(text, '"')) : text;
  if (bare.startsWith("arn:")) return bare.slice(0, closing(bare, " ")).replace(/[.,;]$/, "");
  const ends = reasons.map((reason) => closing(bare, reason));
  return bare.slice(0, Math.min(...ends)).replace(/\.$/, "") || null;
}

const reasons = [" because ", " with an explicit deny ", ". ", "\n"];

/**
 * Before the action only AWS's words and a principal's ARN stand, in which no phrase fits: the
 * first mention is AWS's.
 */
function afterFirst(text: string, phrase: string): string | null {
  const at = text.indexOf(phrase);
  return at < 0 ? null : text.slice(at + phrase.length);
}

function closing(text: string, end: string): number {
  const at = text.indexOf(end, 1);
  return at < 0 ? text.length : at;
}

function policyOf(text: string): Pick<Denial, "policyType" | "policyArn"> {
  const match = explicitShape.exec(text);
  if (match === null) return { policyType: null, policyArn: null };
  const policyArn = policyArnShape.exec(text.slice(match[0].length))?.[1] ?? null;
  return { policyType: match[1] ?? null, policyArn };
}
