import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { someRun } from "../../src/detections/many-runs.ts";
import { itemRule, loaded, subject } from "./rule-builder.ts";

const tests = {
  contains: (text: string, run: string) => text.includes(run),
  startswith: (text: string, run: string) => text.startsWith(run),
  endswith: (text: string, run: string) => text.endsWith(run),
} as const;
/** Few letters, so that runs overlap and are often found. */
const letters = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), minLength: min, maxLength: max });

describe("many runs looked for together", () => {
  test.each(["contains", "startswith", "endswith"] as const)("are each found: %s", (place) => {
    fc.assert(
      fc.property(fc.array(letters(1, 8), { minLength: 1, maxLength: 40 }), letters(0, 20),
        (runs, text) => {
          const expected = runs.some((run) => tests[place](text, run));
          expect(someRun(runs, place)(text)).toBe(expected);
        }),
    );
  });

  test.each([
    ["contains", "x Evil-tool-77 y", true],
    ["contains", "evil-tool", false],
    ["startswith", "EVIL-TOOL-9/1.0", true],
    ["startswith", " evil-tool-9", false],
    ["endswith", "an evil-tool-42", true],
    ["endswith", "evil-tool-42.", false],
  ])("a rule with a hundred of them: %s %j: %s", (place, userAgent, expected) => {
    const values = Array.from({ length: 100 }, (_, i) => `evil-tool-${i}`);
    const rule = loaded(itemRule(`userAgent|${place}: [${values.join(", ")}]`));
    expect(rule.matches(subject({ userAgent }))).toBe(expected);
  });
});
