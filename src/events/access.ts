import type { AccessLevels } from "./access-levels.ts";
import { accessOverrides, mintsLasting } from "./access-overrides.ts";
import type { Access, TrailEvent } from "./event.ts";
import { readOperation, type Operation } from "./operation.ts";
import { sensitiveReadOf, type SensitiveRead } from "./sensitive-reads.ts";
import { carriesStatement, statementAccess } from "./statement.ts";

/** What a call's source and name alone tell: worked out once for each pair, then looked up. */
export interface Call extends Operation {
  readonly override: Access | "by-statement" | null;
  /** IAM's level of the action; null when IAM does not know it. */
  readonly level: Access | null;
  /**
   * By the name's verb; null where the service is unknown to IAM, so that its verbs may mean
   * anything.
   */
  readonly verb: "read" | "list" | "write" | null;
  readonly sensitiveRead: SensitiveRead | null;
}

/**
 * AWS has some 20,000 operations; an organisation uses some 2,000. Beyond this the names are
 * invented.
 */
const callsMax = 8192;

/** Looks calls up by `eventSource` and `eventName`. */
export function createCallLookup(levels: AccessLevels): (source: string, name: string) => Call {
  const bySource = new Map<string, Map<string, Call>>();
  let count = 0;
  return (source, name) => {
    const known = bySource.get(source)?.get(name);
    if (known !== undefined) return known;
    const call = describeCall(levels, source, name);
    if (++count > callsMax) {
      bySource.clear();
      count = 1;
    }
    const calls = bySource.get(source) ?? new Map<string, Call>();
    bySource.set(source, calls.set(name, call));
    return call;
  };
}

function describeCall(levels: AccessLevels, source: string, name: string): Call {
  const operation = readOperation(source, name);
  const colon = operation.action.indexOf(":");
  const level = levels.levelOf(operation.action.slice(0, colon), operation.action.slice(colon + 1));
  return {
    ...operation,
    override: carriesStatement(operation.operation)
      ? "by-statement"
      : (accessOverrides.get(operation.operation) ?? null),
    level,
    verb: levels.isKnown(operation.service) ? verbOf(name) : null,
    sensitiveRead: sensitiveReadOf(operation.operation),
  };
}

/** What the access class is decided from, beside the call: the record's own words. */
export interface AccessEvidence {
  /** The record's flag: what the API is, not how the call ended; null when absent. */
  readonly readOnly: boolean | null;
  readonly parameters: unknown;
  /** An event a service logs of itself (`AwsServiceEvent`): its name is no API's. */
  readonly isServiceEvent: boolean;
}

export type Classified = Pick<TrailEvent, "access" | "accessBasis">;

/**
 * The access class of a call, and what decided it: our override, else IAM's level, else the
 * record's `readOnly`, else the verb in its name, else nothing.
 *
 * IAM's level wins over the flag but in one case: a plain write that CloudTrail itself calls
 * read-only. A read stays a read though it is flagged as a write (`sqs:ReceiveMessage`,
 * `logs:StartQuery`), because a read-only policy allows it.
 */
export function classify(call: Call, evidence: AccessEvidence): Classified {
  const { override, level, verb } = call;
  if (override === "by-statement") {
    return {
      access: statementAccess(call.operation, evidence.parameters),
      accessBasis: "override",
    };
  }
  if (override !== null) return { access: override, accessBasis: "override" };
  if (level === "write" && evidence.readOnly === true) return flaggedRead;
  if (level !== null) return { access: level, accessBasis: "iam-data" };
  if (evidence.readOnly === false) return flaggedWrite;
  if (evidence.readOnly === true) return verb === "list" ? flaggedList : flaggedRead;
  if (verb === null || evidence.isServiceEvent) return { access: "unknown", accessBasis: "none" };
  return { access: verb, accessBasis: "name" };
}

const flaggedRead: Classified = { access: "read", accessBasis: "read-only-flag" };
const flaggedList: Classified = { access: "list", accessBasis: "read-only-flag" };
const flaggedWrite: Classified = { access: "write", accessBasis: "read-only-flag" };

/**
 * Whether the call changes, or tries to change, what a read-only role must leave alone: write,
 * permissions and tagging, and credentials that outlive the session. A read-only role that calls
 * CreateAccessKey attempts a write, although its access class is `credential`; one that assumes a
 * role does not.
 */
export function isWriteLike(event: Pick<TrailEvent, "access" | "operation">): boolean {
  if (event.access === "credential") return mintsLasting(event.operation);
  return event.access === "write" || event.access === "permissions" || event.access === "tagging";
}

function verbOf(name: string): "read" | "list" | "write" {
  if (!readingVerbs.some((verb) => name.startsWith(verb))) return "write";
  return name.startsWith("List") ? "list" : "read";
}

/** Measured against records that carry the flag: apart from the overrides, they agree with it. */
const readingVerbs = [
  ...["Get", "List", "Describe", "Head", "BatchGet", "Search", "Lookup", "Query", "Scan", "Select"],
  ...["View", "Check", "Validate", "Simulate", "Preview", "Estimate", "Detect", "Discover"],
  ...["Read", "Filter", "Test", "Decode"],
];
