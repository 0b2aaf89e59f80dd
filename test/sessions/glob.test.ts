import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { literalsOf, matchesGlob, specificity } from "../../src/sessions/glob.ts";

describe("a glob", () => {
  it.each([
    ["*", "", true],
    ["*", "anything/at:all", true],
    ["", "", true],
    ["", "a", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a*c", "ac", true],
    ["a*c", "abcb", false],
    ["arn:aws:iam::*:role/agents/*", "arn:aws:iam::111111111111:role/agents/aider", true],
    ["arn:aws:iam::*:role/agents/*", "arn:aws:iam::111111111111:role/aider", false],
    ["*-agent", "x-agent-agent", true],
    ["Ab", "ab", false],
    ["a.c", "abc", false],
    ["(a|b)", "a", false],
  ])("%s against %s: %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("agrees with the regular expression it stands for", () => {
    const letters = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 8 });
    const text = fc.array(fc.constantFrom("a", "b"), { maxLength: 10 });
    fc.assert(
      fc.property(letters, text, (pattern, chars) => {
        const source = pattern.map((c) => (c === "*" ? ".*" : c === "?" ? "." : c)).join("");
        const expected = new RegExp(`^${source}$`, "s").test(chars.join(""));
        expect(matchesGlob(pattern.join(""), chars.join(""))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes no exponential time on a hostile pattern", () => {
    expect(matchesGlob("*a".repeat(500) + "b", "a".repeat(2000))).toBe(false);
  });

  it("knows its literals", () => {
    expect(literalsOf("arn:*:role/aider-?x*")).toEqual(["arn:", ":role/aider-", "x"]);
    expect(specificity("a*bc")).toBe(3);
  });
});
