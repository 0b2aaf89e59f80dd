import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, openAt, parsePattern, plainText } from "../../src/detections/pattern.ts";

describe("a Sigma string", () => {
  // The five points of the specification's section on the escape character, and their edges.
  test.each([
    [String.raw`a\b`, String.raw`a\b`, true],
    [String.raw`a\\b`, String.raw`a\b`, true],
    [String.raw`a\*`, "a*", true],
    [String.raw`a\*`, "abc", false],
    [String.raw`a\?`, "a?", true],
    [String.raw`a\?`, "ab", false],
    [String.raw`a\\*`, String.raw`a\bc`, true],
    [String.raw`a\\*`, "a*", false],
    [String.raw`a\\\*`, String.raw`a\*`, true],
    [String.raw`a\\\*`, String.raw`a\bc`, false],
    [String.raw`a\\\b`, String.raw`a\\b`, true],
    [String.raw`a\\\\b`, String.raw`a\\b`, true],
    ["a\\", "a\\", true],
    ["prog?.exe", "progA.exe", true],
    ["prog?.exe", "prog.exe", false],
    ["prog?.exe", "prog12.exe", false],
    ["antivirus_V*.exe", "antivirus_V21.2.1.exe", true],
    ["antivirus_V*.exe", "antivirus_V.exe", true],
    ["antivirus_V*.exe", "antivirus_V1.dll", false],
    ["*", "", true],
    ["", "", true],
    ["", "x", false],
    ["a*b*c", "aXbYc", true],
    ["a*b*c", "acb", false],
    ["ab*bc", "abc", false],
    ["*a*b", "xaxb", true],
    ["a*?c", "abc", true],
    ["a*?c", "ac", false],
    ["?", "😀", true],
    ["??", "😀", false],
    ["ÄPFEL*", "äpfelmus", true],
  ])("%s matches %s: %s", (pattern, text, expected) => {
    expect(compilePattern(parsePattern(pattern), false)(text)).toBe(expected);
  });

  test("is told to be plain only without wildcards", () => {
    expect(plainText(parsePattern(String.raw`a\*b`))).toBe("a*b");
    expect(plainText(parsePattern("a*b"))).toBe(null);
    expect(plainText(parsePattern(""))).toBe("");
  });

  test("agrees with a regular expression written from the same parts", () => {
    const part = fc.constantFrom("*", "?", "a", "b", "ab");
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), text, (parts, found) => {
        const regex = new RegExp(`^${parts.join("").replaceAll("?", ".").replaceAll("*", ".*")}$`);
        expect(compilePattern(parsePattern(parts.join("")), false)(found)).toBe(regex.test(found));
      }),
      { numRuns: 2000 },
    );
  });

  test("opens where a place leaves it open", () => {
    const pattern = parsePattern("x");
    const found = (place: "contains" | "startswith" | "endswith"): readonly boolean[] =>
      ["x", "xa", "ax", "axa"].map(compilePattern(openAt(pattern, place), true));
    expect(found("contains")).toEqual([true, true, true, true]);
    expect(found("startswith")).toEqual([true, true, false, false]);
    expect(found("endswith")).toEqual([true, false, true, false]);
  });

  test("stays fast where a backtracking matcher would not", () => {
    const pattern = compilePattern(parsePattern(`${"*a?".repeat(20)}b`), true);
    expect(pattern("a".repeat(20_000))).toBe(false);
  });
});
