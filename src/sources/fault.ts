import type { Fault } from "./source.ts";

/** What can go wrong where input comes from. A closed set: it is a metric label. */
export type SourceFaultCode =
  | "path-unreadable" // a file or folder that is not there, or may not be read
  | "history-gap"; // events that CloudTrail no longer keeps

/** The world failing where input comes from: what was tried, what is wrong, and what to try. */
export class SourceFault extends Error {
  override readonly name = "SourceFault";
  readonly code: SourceFaultCode;
  readonly retryable = false;
  readonly subject: string;

  constructor(code: SourceFaultCode, subject: string, cause: unknown) {
    super(`Cannot read ${subject}: ${reasonOf(cause)}`, { cause });
    this.code = code;
    this.subject = subject;
  }
}

/** A fault that is tried again elsewhere, and here is not. */
export class GivenUp extends Error {
  override readonly name = "GivenUp";
  readonly code: string;
  readonly retryable = false;
  readonly subject: string;

  constructor(fault: Fault) {
    super(fault.message, { cause: fault });
    this.code = fault.code;
    this.subject = fault.subject;
  }
}

/** By `errno`: what people can act on; the rest is the system's own words. */
const reasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOENT", "there is no such file or folder. Check the path."],
  ["ENOTDIR", "a part of the path is a file. Check the path."],
  ["EACCES", "it may not be read by this user. Check its permissions."],
  ["EPERM", "it may not be read by this user. Check its permissions."],
  ["EISDIR", "it is a folder. Name a file."],
  ["ELOOP", "its links lead in a circle. Name the file itself."],
  ["EMFILE", "too many files are open. Raise the limit with: ulimit -n 4096"],
]);

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  return reasons.get(code) ?? `${cause instanceof Error ? cause.message : String(cause)}.`;
}
