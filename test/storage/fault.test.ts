import { describe, expect, test } from "vitest";
import { asStoreFault, StoreFault } from "../../src/storage/fault.ts";

function sqliteError(code: string): Error {
  return Object.assign(new Error("as SQLite says it"), { code });
}

describe("asStoreFault", () => {
  test.each([
    ["SQLITE_BUSY", "store-locked", true],
    ["SQLITE_BUSY_SNAPSHOT", "store-locked", true],
    ["SQLITE_LOCKED", "store-locked", true],
    ["SQLITE_FULL", "store-full", false],
    ["SQLITE_CORRUPT_VTAB", "store-corrupt", false],
    ["SQLITE_NOTADB", "store-corrupt", false],
    ["SQLITE_IOERR_WRITE", "store-unusable", false],
    ["SQLITE_CANTOPEN", "store-unusable", false],
    ["SQLITE_READONLY_DIRECTORY", "store-unusable", false],
    // libsql's own way of saying SQLITE_READONLY_DIRECTORY and SQLITE_BUSY_TIMEOUT.
    ["UNKNOWN_SQLITE_ERROR_1544", "store-unusable", false],
    ["UNKNOWN_SQLITE_ERROR_773", "store-locked", true],
  ])("makes %s the fault %s", (result, code, retryable) => {
    const cause = sqliteError(result);
    expect(asStoreFault(cause, "x.db")).toMatchObject(
      { name: "StoreFault", code, retryable, subject: "x.db", cause },
    );
  });

  test.each([
    ["a broken promise of ours", sqliteError("SQLITE_CONSTRAINT_UNIQUE")],
    ["another broken promise", sqliteError("UNKNOWN_SQLITE_ERROR_2067")],
    ["an error without a code", new Error("Something else.")],
    ["a fault", new StoreFault("store-full", "y.db")],
    ["what is no error", "text"],
  ])("leaves %s as it is", (_, error) => {
    expect(asStoreFault(error, "x.db")).toBe(error);
  });
});
