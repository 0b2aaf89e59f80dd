import { listAt, textAt, valueAt } from "./fields.ts";

/**
 * Whom a policy's Allow statements let in, as written: `*`, account ids, ARNs. Statements that a
 * condition narrows are left out, whatever it says; `NotPrincipal` lets everybody else in.
 *
 * @param policy a document, or its JSON text, as services log either
 */
export function principalsOf(policy: unknown): readonly string[] {
  const document = typeof policy === "string" ? parsed(policy) : policy;
  return oneOrMany(valueAt(document, "Statement")).flatMap((statement) => {
    if (textAt(statement, "Effect") !== "Allow" || isNarrowed(statement)) return [];
    if (valueAt(statement, "NotPrincipal") !== undefined) return ["*"];
    const principal = valueAt(statement, "Principal");
    const named = typeof principal === "string" ? [principal] : principalsOfAws(principal);
    return named.filter((value) => typeof value === "string");
  });
}

function principalsOfAws(principal: unknown): readonly unknown[] {
  const many = listAt(principal, "AWS");
  return many.length > 0 ? many : [valueAt(principal, "AWS")];
}

/** Conditions on how a call is made leave it to anybody to make it so. */
const openConditions = new Set(["aws:securetransport", "s3:tlsversion", "s3:x-amz-acl"]);

function isNarrowed(statement: unknown): boolean {
  const condition = valueAt(statement, "Condition");
  if (typeof condition !== "object" || condition === null) return false;
  const keys = Object.values(condition).flatMap((test: unknown) =>
    typeof test === "object" && test !== null ? Object.keys(test) : [],
  );
  return keys.some((key) => !openConditions.has(key.toLowerCase()));
}

function oneOrMany(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A policy AWS cut at its size limit is no JSON; nothing can be said of it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
