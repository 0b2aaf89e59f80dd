/** What can be wrong with a store that is not a bug of ours. A closed set: it is a metric label. */
export const storeFaultCodes = [
  "store-locked", // another process kept its write lock for longer than we wait
  "store-full", // the disk, or a quota on it, is full
  "store-corrupt", // the file is damaged, or no SQLite database
  "store-too-new", // a later version of the program wrote the file
  "store-foreign", // a SQLite database that is none of ours
  "store-unusable", // it cannot be opened, read or written: path, permissions, device
] as const;
export type StoreFaultCode = (typeof storeFaultCodes)[number];

/** The world failing under the store. `subject` is the file, as the user named it. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
  readonly code: StoreFaultCode;
  /** Whether doing the same again later may work: true only of a lock. */
  readonly retryable: boolean;
  readonly subject: string;

  constructor(code: StoreFaultCode, subject: string, cause?: unknown) {
    super(`Cannot use the store ${subject}: ${sentences[code]}`, { cause });
    this.code = code;
    this.retryable = code === "store-locked";
    this.subject = subject;
  }
}

const sentences: Readonly<Record<StoreFaultCode, string>> = {
  "store-locked": "another process is writing to it. Try again when that one is done.",
  "store-full": "the disk is full. Free some space, or choose another file with --store.",
  "store-corrupt":
    "the file is damaged, or no trailwarden store. Restore a copy, or name another with --store.",
  "store-too-new":
    "a newer version of trailwarden wrote it. Update trailwarden, or name another with --store.",
  "store-foreign": "it is another program's database. Name a new file with --store.",
  "store-unusable": "it cannot be opened, read or written. Check the path and its permissions.",
};

/**
 * SQLite's primary result codes: name, number, and what it is to us.
 * https://www.sqlite.org/rescode.html
 */
const codesByResult: readonly (readonly [string, number, StoreFaultCode])[] = [
  ["SQLITE_BUSY", 5, "store-locked"],
  ["SQLITE_LOCKED", 6, "store-locked"],
  ["SQLITE_FULL", 13, "store-full"],
  ["SQLITE_CORRUPT", 11, "store-corrupt"],
  ["SQLITE_NOTADB", 26, "store-corrupt"],
  ["SQLITE_IOERR", 10, "store-unusable"],
  ["SQLITE_CANTOPEN", 14, "store-unusable"],
  ["SQLITE_READONLY", 8, "store-unusable"],
  ["SQLITE_PERM", 3, "store-unusable"],
];

/** Extended codes that libsql has no name for; the low byte is the primary code. */
const unnamed = /^UNKNOWN_SQLITE_ERROR_(\d+)$/;

/** What SQLite threw, as a fault where the world failed, and unchanged where we did. */
export function asStoreFault(error: unknown, subject: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreFault) return error;
  // libsql tells no code when it cannot open a file, only this text.
  if (error.message.startsWith("ConnectionFailed")) {
    return new StoreFault("store-unusable", subject, error);
  }
  const result = "code" in error && typeof error.code === "string" ? error.code : "";
  const extended = Number(unnamed.exec(result)?.[1] ?? NaN);
  const known = codesByResult.find(
    ([name, primary]) => result.startsWith(name) || (extended & 0xff) === primary,
  );
  return known === undefined ? error : new StoreFault(known[2], subject, error);
}
