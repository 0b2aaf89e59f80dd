/** What can go wrong where input comes from. A closed set: it is a metric label. */
export type SourceFaultCode = "path-unreadable";

/** The world failing where input comes from. The message says what was tried, what is wrong, and what to try. */
export class SourceFault extends Error {
  override readonly name = "SourceFault";
  readonly code: SourceFaultCode;
  readonly retryable = false;
  readonly subject: string;

  constructor(code: SourceFaultCode, subject: string, cause: unknown) {
    super(`Cannot read ${subject}: ${reasonOf(cause)} Check the path.`, { cause });
    this.code = code;
    this.subject = subject;
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code === "ENOENT") return "there is no such file or folder.";
  if (code === "EACCES" || code === "EPERM") return "it may not be read by this user.";
  if (code === "EISDIR") return "it is a folder.";
  return `${cause instanceof Error ? cause.message : String(cause)}.`;
}
