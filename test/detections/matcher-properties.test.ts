import fc from "fast-check";
import { expect, test } from "vitest";
import { loadRules } from "../../src/detections/load-rules.ts";
import { indexDetections } from "../../src/detections/rule-index.ts";
import { referenceMatches, type PlainRule } from "./reference-matcher.ts";
import { facts, loaded, subject } from "./rule-builder.ts";

// Small alphabets, so that rules and records meet often.
const word = fc.constantFrom("a", "A", "ab", "b", "", "a.b", "1", "12", "a*b", "B\\", "ä");
const pattern = fc.constantFrom(
  "a",
  "AB",
  "b",
  "",
  "*",
  "a*",
  "*b",
  "?",
  "a?",
  String.raw`a\*b`,
  "1",
  String.raw`B\\`,
  "Ä",
);
const field = fc.constantFrom(
  "eventName",
  "eventSource",
  "errorCode",
  "requestParameters.x",
  "requestParameters.x.y",
);

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    word,
    fc.integer({ min: 0, max: 13 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom("x", "y", "x.y"),
      tie("value"),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
})).value;

const record = fc.record(
  {
    eventName: fc.constantFrom("a", "AB", "b", "12"),
    eventSource: fc.constantFrom("a", "B", "ab"),
    errorCode: value,
    requestParameters: value,
  },
  { requiredKeys: ["eventName", "eventSource"], noNullPrototype: true },
);

const texts = fc.oneof(pattern, fc.array(pattern, { minLength: 2, maxLength: 3 }));
const numbers = fc.integer({ min: 0, max: 13 });
const modified = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constantFrom("", "", "|neq", "|contains", "|startswith", "|endswith"),
      texts,
    ),
  },
  fc.tuple(fc.constantFrom("|cased", "|contains|neq", "|startswith|cased"), texts),
  fc.tuple(
    fc.constantFrom("|all", "|contains|all", "|all|neq"),
    fc.array(pattern, { minLength: 2, maxLength: 3 }),
  ),
  fc.tuple(fc.constantFrom("|gt", "|lte", "", "|neq"), numbers),
  fc.tuple(fc.constant("|exists"), fc.boolean()),
  fc.tuple(fc.constantFrom("", "|neq"), fc.constantFrom(null, true, false)),
  fc.tuple(fc.constant("|re"), fc.constantFrom("^a", "b$", "^(a|12)+$", ".", "^$")),
);
const item = fc.tuple(field, modified).map(
  ([name, [chain, wanted]]) => [name + chain, wanted] as const,
);
const map = fc.array(item, { minLength: 1, maxLength: 3 }).map(
  (items) => Object.fromEntries(items),
);
const selection = fc.oneof(
  { weight: 4, arbitrary: map },
  fc.array(map, { minLength: 1, maxLength: 2 }),
  fc.array(fc.constantFrom("a", "b*", "12"), { minLength: 1, maxLength: 2 }),
);

const names = ["sel_a", "sel_b", "_c"];
const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(
      ...names,
      "1 of sel_*",
      "all of sel_*",
      "2 of *",
      "1 of them",
      "all of them",
      "any of *_c",
    ),
    tie("condition").map((inner) => `not ${inner}`),
    fc
      .tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition"))
      .map(([left, op, right]) => `${left} ${op} ${right}`),
    tie("condition").map((inner) => `(${inner})`),
  ),
})).condition;

const rule: fc.Arbitrary<PlainRule> = fc.record(
  { sel_a: selection, sel_b: selection, _c: selection, condition },
  { noNullPrototype: true },
);

/** YAML is a superset of JSON: the plain rule is its own text. */
function asText(detection: PlainRule, digit = 0): string {
  return JSON.stringify({
    title: "Random",
    id: `${String(digit).padStart(8, "0")}-2222-4333-8444-555555555555`,
    logsource: { product: "aws", service: "cloudtrail" },
    level: "low",
    detection,
  });
}

test("a compiled rule matches what a slow reading of the specification matches", () => {
  const seen = { matched: 0, missed: 0 };
  fc.assert(
    fc.property(rule, fc.array(record, { minLength: 5, maxLength: 5 }), (random, records) => {
      const detection = loaded(asText(random));
      for (const found of records) {
        const matched = detection.matches(subject(found));
        seen[matched ? "matched" : "missed"] += 1;
        expect(matched).toBe(referenceMatches(random, found));
      }
    }),
    { numRuns: 2000 },
  );
  // Rules that always or never match would prove nothing.
  expect(seen.matched).toBeGreaterThan(1000);
  expect(seen.missed).toBeGreaterThan(1000);
});

const rules = fc.array(rule, { minLength: 1, maxLength: 6 });

test("the index never loses a match, and keeps the rules' order", () => {
  fc.assert(
    fc.property(rules, fc.array(record, { maxLength: 8 }), (random, records) => {
      const files = random.map((one, i) => ({ name: `${i}.yml`, text: asText(one, i) }));
      const { detections } = loadRules(files, { facts });
      const candidates = indexDetections(detections);
      for (const found of records) {
        const all = detections.filter((detection) => detection.matches(subject(found)));
        const indexed = candidates(found.eventSource, found.eventName);
        expect(indexed.filter((detection) => detection.matches(subject(found)))).toEqual(all);
      }
    }),
    { numRuns: 600 },
  );
});

test("no text of a rule file makes the loader throw", () => {
  const piece = fc.constantFrom(
    "title: x\n",
    "id: 1\n",
    "detection:\n",
    "  a: b\n",
    "  condition: a",
    "---\n",
    "- ",
    "|",
    "[",
    "{",
    "'",
    "*a",
    "&a ",
    ": ",
    "\t",
    "\0",
    "filter:\n",
    "correlation: x\n",
    "logsource: {product: aws}\n",
  );
  const pieces = fc.array(piece, { maxLength: 12 }).map((chosen) => chosen.join(""));
  fc.assert(
    fc.property(fc.oneof(fc.string(), pieces), (text) => {
      const { detections, problems } = loadRules([{ name: "x.yml", text }], { facts });
      expect(
        problems.every(({ file, message }) => file === "x.yml" && message.length > 0),
      ).toBe(true);
      expect(detections.length).toBeLessThan(2);
    }),
    { numRuns: 2000 },
  );
});
