import { Refusal } from "../query.ts";

/** Whom a document belongs to: of identities, or of a role, which says who may assume it. */
export type DocumentKind = "identity" | "trust";

type Json = Readonly<Record<string, unknown>>;

function malformed(message: string): Refusal {
  return new Refusal(400, "MalformedPolicyDocument", message);
}

const syntax = "Syntax errors in policy.";

/**
 * Refuses what IAM refuses. Of its grammar: what decides whether a document can be stored.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function checkDocument(text: string, kind: DocumentKind): void {
  const document = jsonOf(text);
  checkKeys(document, ["Version", "Id", "Statement"]);
  if (!["2012-10-17", "2008-10-17", undefined].includes(document["Version"] as string)) {
    throw malformed(syntax);
  }
  const statements = [document["Statement"]].flat();
  if (statements.length === 0) throw malformed("Policy document must contain a statement.");
  const sids = statements.flatMap((statement) => checkStatement(statement, kind) ?? []);
  if (new Set(sids).size < sids.length) {
    throw malformed("Statement IDs (SID) in a single policy must be unique.");
  }
}

function jsonOf(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed("This policy contains invalid Json");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkKeys(value: Json, known: readonly string[]): void {
  if (Object.keys(value).some((key) => !known.includes(key))) throw malformed(syntax);
}

const parts = [
  "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal",
  "Condition",
];

/** Its Sid, where it has one. */
function checkStatement(statement: unknown, kind: DocumentKind): string | null {
  if (!isObject(statement)) throw malformed(syntax);
  checkKeys(statement, parts);
  const { Effect, Sid, Condition } = statement;
  if (Effect !== "Allow" && Effect !== "Deny") throw malformed(syntax);
  if (Sid !== undefined && (typeof Sid !== "string" || !/^[A-Za-z0-9]*$/.test(Sid))) {
    throw malformed("Statement IDs (SID) must be alpha-numeric.");
  }
  checkActions(oneOf(statement, "Action", "NotAction"), kind);
  if (kind === "identity") checkIdentityStatement(statement);
  else checkTrustStatement(statement);
  if (Condition !== undefined) checkCondition(Condition);
  return Sid === undefined || Sid === "" ? null : Sid;
}

/** Texts of the one of both that is there. */
function oneOf(statement: Json, name: string, not: string): readonly string[] {
  const [one, other] = [statement[name], statement[not]];
  if (one !== undefined && other !== undefined) throw malformed(syntax);
  const values = [one ?? other ?? []].flat();
  if (values.length === 0) throw malformed(`Policy statement must contain ${name.toLowerCase()}s.`);
  return values.map((value) => {
    if (typeof value !== "string") throw malformed(syntax);
    return value;
  });
}

function checkActions(actions: readonly string[], kind: DocumentKind): void {
  for (const action of actions) {
    if (action !== "*" && !/^[a-z0-9-]+:[\w*?]+$/i.test(action)) {
      throw malformed(
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    }
    if (kind === "trust" && !/^sts:/i.test(action)) {
      throw malformed("AssumeRole policy may only specify STS AssumeRole actions.");
    }
  }
}

function checkIdentityStatement(statement: Json): void {
  if (statement["Principal"] !== undefined || statement["NotPrincipal"] !== undefined) {
    throw malformed("Policy document should not specify a principal.");
  }
  for (const resource of oneOf(statement, "Resource", "NotResource")) {
    if (resource !== "*" && !/^arn:[\w*?-]+:/.test(resource)) {
      throw malformed(`Resource ${resource} must be in ARN format or "*".`);
    }
  }
}

/** Ids are what AWS shows in the place of principals that were deleted. */
const principals: Readonly<Record<string, RegExp>> = {
  AWS: /^(?:\*|\d{12}|arn:[\w-]+:(?:iam|sts)::\d{12}:.+|A(?:RO|ID)A\w{12,})$/,
  Service: /^[\w.-]+\.amazonaws\.com(?:\.cn)?$/,
  Federated: /^(?:arn:[\w-]+:iam::\d{12}:(?:oidc|saml)-provider\/.+|[\w.-]+)$/,
};

function checkTrustStatement(statement: Json): void {
  if (statement["Resource"] !== undefined || statement["NotResource"] !== undefined) {
    throw malformed("Has prohibited field Resource");
  }
  const principal = statement["Principal"] ?? statement["NotPrincipal"];
  if (principal === "*") return;
  if (!isObject(principal)) throw malformed("Missing required field Principal");
  for (const [kind, values] of Object.entries(principal)) {
    const shape = principals[kind];
    for (const value of [values].flat()) {
      if (typeof value !== "string" || shape?.test(value) !== true) {
        throw malformed(`Invalid principal in policy: "${kind}":"${String(value)}"`);
      }
    }
  }
}

const compared = "String|Numeric|Date|Bool|Binary|IpAddress|NotIpAddress|Arn|Null";
const operator = new RegExp(
  `^(?:ForAllValues:|ForAnyValue:)?(?:${compared})(?:Not)?(?:Equals|EqualsIgnoreCase|Like|` +
  "LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)?(?:IfExists)?$",
);

/** Operators, keys, values; not whether an operator fits its key. */
function checkCondition(condition: unknown): void {
  if (!isObject(condition)) throw malformed(syntax);
  for (const [name, tests] of Object.entries(condition)) {
    if (!operator.test(name) || !isObject(tests)) {
      throw malformed(`Invalid Condition type : ${name}.`);
    }
    for (const [key, values] of Object.entries(tests)) {
      if (!key.includes(":")) throw malformed(`Condition key ${key} must be prefaced by a vendor.`);
      const isOdd = [values].flat().some((value) => name.startsWith("Date")
        ? Number.isNaN(Date.parse(String(value)))
        : !["string", "number", "boolean"].includes(typeof value));
      if (isOdd) throw malformed(`Invalid value for ${name} ${key}.`);
    }
  }
}
