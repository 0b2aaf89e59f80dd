import { matchesGlob } from "../sessions/glob.ts";

/** One condition of a statement: all of them must hold, of its values any. */
export interface PolicyCondition {
  /** `StringEquals`, with `ForAllValues:` and `IfExists` where they are written. */
  readonly operator: string;
  /** In lower case: its letters' case does not matter. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A statement of an IAM policy, every part a list. Null where the document says the opposite. */
export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[] | null;
  readonly notActions: readonly string[] | null;
  /** Of a trust policy both are null. */
  readonly resources: readonly string[] | null;
  readonly notResources: readonly string[] | null;
  readonly principals: readonly Principal[];
  /** Everybody but these. */
  readonly hasNotPrincipal: boolean;
  readonly conditions: readonly PolicyCondition[];
  /** As it is written. */
  readonly source: Readonly<Record<string, unknown>>;
}

export interface Principal {
  readonly kind: "AWS" | "Service" | "Federated" | "CanonicalUser";
  readonly value: string;
}

/**
 * Reads a document; null where it is none. A part that may be one or many is many.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicy(document: string): readonly PolicyStatement[] | null {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const statements = Array.isArray(value["Statement"])
    ? value["Statement"] as readonly unknown[] : [value["Statement"]];
  const read = statements.map(statementIn);
  return read.every((statement) => statement !== null) ? read : null;
}

function statementIn(source: unknown): PolicyStatement | null {
  if (!isObject(source)) return null;
  const effect = source["Effect"];
  if (effect !== "Allow" && effect !== "Deny") return null;
  return {
    effect, source,
    actions: textsIn(source["Action"]),
    notActions: textsIn(source["NotAction"]),
    resources: textsIn(source["Resource"]),
    notResources: textsIn(source["NotResource"]),
    principals: principalsIn(source["Principal"]),
    hasNotPrincipal: source["NotPrincipal"] !== undefined,
    conditions: conditionsIn(source["Condition"]),
  };
}

function principalsIn(value: unknown): readonly Principal[] {
  if (value === "*") return [{ kind: "AWS", value }];
  if (!isObject(value)) return [];
  return (["AWS", "Service", "Federated", "CanonicalUser"] as const).flatMap((kind) =>
    (textsIn(value[kind]) ?? []).map((one) => ({ kind, value: one })));
}

function conditionsIn(value: unknown): readonly PolicyCondition[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(([key, values]) =>
        ({ operator, key: key.toLowerCase(), values: textsIn(values) ?? [] }))
      : []);
}

/** Null where it is absent. Numbers and booleans may stand without quotes. */
function textsIn(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  return [value].flat().map((one) => typeof one === "string" ? one : JSON.stringify(one));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a statement is about this action, whatever the resource. Letter case is no matter. */
export function coversAction(
  { actions, notActions }: PolicyStatement,
  action: string,
): boolean {
  const wanted = action.toLowerCase();
  const isAmong = (patterns: readonly string[]) =>
    patterns.some((pattern) => matchesGlob(pattern.toLowerCase(), wanted));
  if (actions !== null) return isAmong(actions);
  return notActions !== null && !isAmong(notActions);
}

/** Whether it is about this resource; variables such as `${aws:username}` may be anything. */
export function coversResource(
  { resources, notResources }: PolicyStatement,
  arn: string,
): boolean {
  const isAmong = (patterns: readonly string[]) =>
    patterns.some((pattern) => matchesGlob(pattern.replaceAll(/\$\{[^}]*\}/g, "*"), arn));
  if (resources !== null) return isAmong(resources);
  return notResources !== null && !isAmong(notResources);
}

/** Whether it is about every resource there is. */
export function isAboutAll({ resources }: PolicyStatement): boolean {
  return resources?.some((resource) => /^\*+$/.test(resource)) ?? false;
}
