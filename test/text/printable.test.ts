import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "../../src/text/nearest.ts";
import { printable } from "../../src/text/printable.ts";

describe("printable", () => {
  it.each([
    ["plain text, accents and emoji", "aider-1 é 🙂", "aider-1 é 🙂"],
    ["an escape sequence", "\u001b[31mred", "·[31mred"],
    ["line breaks", "a\r\nb\u2028c", "a··b·c"],
    ["text that reorders", "a\u202eb", "a·b"],
    ["invisible text", "a\u200bb\ufeff", "a·b·"],
    ["invisible letters", "a\u{e0041}b", "a·b"],
    ["half a character", "a\ud800b", "a·b"],
  ])("shows %s on one visible line", (_what, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it("leaves no control character in any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(/\p{Cc}/u.test(printable(text))).toBe(false);
      }),
    );
  });
});

describe("nearest", () => {
  it.each([
    ["sesionNames", ["sessionNames", "sessionTags"], "sessionNames"],
    ["ROLE.MODE", ["role.mode", "role.name"], "role.mode"],
    ["frobnicate", ["agents", "roles"], null],
    ["", ["a"], "a"],
  ])("for %j among %j finds %j", (text, known, expected) => {
    expect(nearest(text, known)).toBe(expected);
  });
});
