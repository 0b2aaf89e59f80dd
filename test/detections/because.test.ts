import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTemplate, plain, render } from "../../src/detections/because.ts";

function rendered(text: string, values: Readonly<Record<string, unknown>>): string {
  const template = parseTemplate(text);
  if ("error" in template) throw new Error(template.error);
  return render(template, (name) => (Object.hasOwn(values, name) ? values[name] : undefined));
}

describe("templates", () => {
  it("put values where their names stand", () => {
    const text = "{agent.name} called {event.operation} ({event.result}).";
    const values = {
      "agent.name": "aider",
      "event.operation": "iam:CreateUser",
      "event.result": "denied",
    };
    expect(rendered(text, values)).toBe("aider called iam:CreateUser (denied).");
  });

  it("tell the names they use, each once", () => {
    const template = parseTemplate("{a.b} and {c} and { a.b }");
    expect(template).toMatchObject({ names: ["a.b", "c"] });
  });

  it("write a brace for two", () => {
    expect(rendered("{{x}} is {x}, {{{x}}}", { x: 1 })).toBe("{x} is 1, {1}");
  });

  it("stand on one line, however the file wraps them", () => {
    expect(rendered("one\n  two {x}\n", { x: 3 })).toBe("one two 3 ");
  });

  it("do not look for places in values", () => {
    expect(rendered("{a}", { a: "{b}", b: "secret" })).toBe("{b}");
  });

  it.each([
    ["{a", "A '{' is not closed. Write '{{' for the character itself.", 0],
    ["a}", "A '}' closes no place. Write '}}' for the character itself.", 1],
    ["x {}", "'{}' is no place: expected a fact's or field's name, like {event.operation}.", 2],
    ["{a b}", "'{a b}' is no place: expected a fact's or field's name, like {event.operation}.", 0],
    ["x".repeat(1001), "The sentence is longer than 1000 characters.", 1000],
  ])("say what is wrong with %s", (text, error, offset) => {
    expect(parseTemplate(text)).toEqual({ error, offset });
  });
});

describe("values in sentences", () => {
  it.each([
    ["nothing", null, "unknown"],
    ["an absent value", undefined, "unknown"],
    ["an empty text", "", "unknown"],
    ["a text that shows nothing", "\u200b\u2060", "unknown"],
    ["a whole number", 90061, "90061"],
    ["a fraction, to two places", 1.005e2 + 0.004, "100.5"],
    ["what is no number", Number.NaN, "unknown"],
    ["a truth", false, "false"],
    ["an empty list", [], "none"],
    ["a list", ["a", "b"], "a, b"],
    ["a long list", ["a", "b", "c", "d", "e", "f", "g"], "a, b, c, d, e and 2 more"],
    ["a list of hostile values", ["a\nb", null], "a·b, unknown"],
    ["an object", { a: 1 }, '{"a":1}'],
    ["a line break", "one\r\ntwo", "one··two"],
    ["a line separator", "one\u2028two", "one·two"],
    ["an escape sequence", "\u001b[31mred", "·[31mred"],
    ["a C1 control", "a\u009bb", "a·b"],
    ["a lone surrogate", "a\ud800b", "a·b"],
    ["text turned around", "\u202eexe.txt\u202c", "exe.txt"],
    ["isolates", "\u2066a\u2069", "a"],
    ["zero-width characters", "ad\u200bm\u200di\ufeffn", "admin"],
    ["tag characters that hide text", "a\u{e0041}\u{e0042}", "a"],
    ["variation selectors", "a\ufe0f\u{e0100}", "a"],
    ["a soft hyphen", "ad\u00admin", "admin"],
    ["a Hangul filler", "a\u3164b", "ab"],
    ["a private-use character", "a\ue000b", "ab"],
    ["an unusual space", "a\u00a0b\u3000c", "a b c"],
    ["letters of any script", "Zoë 田中 🙂", "Zoë 田中 🙂"],
    ["120 characters", "x".repeat(120), "x".repeat(120)],
    ["121 characters", "x".repeat(121), `${"x".repeat(119)}…`],
    ["121 wide characters", "🙂".repeat(121), `${"🙂".repeat(119)}…`],
    ["hidden characters before a cut", "\u200b".repeat(1000) + "x", "unknown"],
  ])("%s", (_, value, expected) => {
    expect(plain(value)).toBe(expected);
  });

  it("are always one short, visible line", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.array(fc.string({ unit: "binary" })),
      fc.json(),
    );
    fc.assert(
      fc.property(hostile, (value) => {
        const text = plain(value);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u);
        expect(text).not.toBe("");
        if (!Array.isArray(value)) expect(Array.from(text).length).toBeLessThanOrEqual(121);
      }),
      { numRuns: 500 },
    );
  });
});
