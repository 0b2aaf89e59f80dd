import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnText, textOfColumn } from "../../src/storage/column-text.ts";

const anyText = fc.string(
  { unit: fc.constantFrom("\0", "\\", "\"", "\ud83d", "\ude00", "u", "0", "é", "a") },
);

describe("columnText", () => {
  test.each([
    ["AROAEXAMPLE:task-1@2026", "AROAEXAMPLE:task-1@2026"],
    ["\"quoted\" and\nbroken é😀", "\"quoted\" and\nbroken é😀"],
    ["a\0b", "a\\u0000b"],
    ["\ud83d", "\\ud83d"],
    ["a\\b\"", "a\\\\b\\\""],
  ])("writes %j as %j", (text, column) => {
    expect(columnText(text)).toBe(column);
  });

  test("comes back, holds no NUL, and survives UTF-8", () => {
    fc.assert(fc.property(anyText, (text) => {
      const column = columnText(text);
      expect(textOfColumn(column)).toBe(text);
      expect(column).not.toContain("\0");
      expect(Buffer.from(column).toString()).toBe(column);
    }), { numRuns: 2000 });
  });
});
