import { describe, expect, test } from "vitest";
import {
  loadTexts,
  loaded,
  messages,
  namedRule,
  ruleText,
  subject,
  wholeRule,
} from "./rule-builder.ts";

describe("a file of several documents", () => {
  test("loads each that is sound, and tells of the others", () => {
    const broken = namedRule("b", "2").replace("eventName", "eventName|contians");
    const { detections, problems } = loadTexts(
      `${namedRule("a", "1")}---\n${broken}---\n${namedRule("c", "3")}---\n`,
    );
    expect(detections.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(problems).toEqual([
      {
        severity: "error",
        file: "0.yml",
        line: 19,
        column: 26,
        message: "There is no modifier contians. Did you mean contains?",
      },
    ]);
  });

  test("refuses a name or id that is taken, wherever", () => {
    const { detections, problems } = loadTexts(
      namedRule("a", "1"),
      namedRule("a", "2"),
      namedRule("b", "1"),
    );
    expect(detections.length).toBe(1);
    expect(problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      "1.yml: The name a is taken by a rule in 0.yml. Give this one a name of its own.",
      "2.yml: The id 11111111-2222-4333-8444-555555555555 is taken by a rule in 0.yml. " +
        "Give this one an id of its own.",
    ]);
  });

  test("shares what a legacy global document holds, each document's own keys winning", () => {
    const { detections, problems } = loadTexts(`action: global
title: Shared
id: 11111111-2222-4333-8444-555555555555
logsource: { product: aws, service: cloudtrail }
level: low
detection:
  root: { userIdentity.type: Root }
  condition: root and selection
---
detection:
  selection: { eventName: a }
---
title: Own
level: high
detection:
  selection: { eventName: b }
---
action: reset
---
title: Alone
`);
    expect(
      detections.map(({ title, level, name, names }) => ({ title, level, name, names })),
    ).toEqual([
      { title: "Shared", level: "low", name: "11111111-2222-4333-8444-555555555555", names: ["a"] },
      { title: "Own", level: "high", name: "11111111-2222-4333-8444-555555555555#2", names: ["b"] },
    ]);
    expect(
      detections[1]?.matches(subject({ eventName: "b", userIdentity: { type: "Root" } })),
    ).toBe(true);
    expect(problems.map(({ line, message }) => `${line ?? 0} ${message}`)).toEqual([
      "20 The level is missing: medium is taken.",
      "20 The logsource is missing. Write product: aws and service: cloudtrail.",
    ]);
  });

  test("names a rule without id and name after its file", () => {
    const { detections, problems } = loadTexts(wholeRule.replace(/^id: .*\n/m, ""));
    expect(detections.map(({ name, id }) => [name, id])).toEqual([["0", "0"]]);
    expect(problems.map(({ message }) => message)).toEqual(
      ["The rule has neither id nor name: 0 is taken."],
    );
  });

  test("hands correlations out as they are, with their places", () => {
    const text =
      `${wholeRule}---\ntitle: Many\ncorrelation:\n  type: event_count\n  rules: [a, b]\n`;
    const [correlation] = loadTexts(text).correlations;
    expect(correlation?.doc).toEqual(
      { title: "Many", correlation: { type: "event_count", rules: ["a", "b"] } },
    );
    expect(correlation?.line).toBe(11);
    expect(correlation?.positionOf(["correlation", "rules", 1])).toEqual({ line: 14, column: 14 });
    expect(correlation?.positionOf(["correlation", "timespan"])).toEqual({ line: 13, column: 3 });
  });

  test.each([
    ["", "warning 0:0 The file holds no Sigma document."],
    [
      "- a\n- b\n",
      "error 1:1 A Sigma document is a map of keys such as title and detection; this is none.",
    ],
    ["a: b\n<<: c\n", "error 2:1 Merge keys are not supported."],
    ["? [a]\n: b\n", "error 1:3 A key must be plain text."],
    [
      "a: *b\n",
      "error 1:4 The anchor b is not set. If no anchor is meant, write '*b' in quotes.",
    ],
    ["a: *\n", "An unquoted * refers to an anchor: put the value in quotes."],
    ["a: %b%\n", "Plain value cannot start with directive indicator character %. Put the value in"],
    ["a: @b\n", "Plain value cannot start with reserved character @. Put the value in quotes."],
    ["a: !b\n", "error 1:4 Cannot read the YAML: Unresolved tag: !b. An unquoted ! begins a tag"],
    ["a:\n\tb: c\n", "error 2:1 Cannot read the YAML: Tabs are not allowed as indentation. Indent"],
    ["a: b: c\n", "Put a text with a colon in quotes, and indent what belongs together alike."],
    ["a:\n  b: c\n d: e\n", "Indent this line like those it belongs to."],
    ["a: [b] c\n", "Put the whole value in quotes; within single quotes write '' for one."],
    ["a: [b, c\nd: e\n", "Close the bracket, or put a text that begins with one in quotes."],
    ['a: "\\q"\n', "Use single quotes, in which a backslash is itself."],
    ["a: b\nc: 'd\ne: f\n", "error 2:4 Cannot read the YAML: Missing closing 'quote. It opens"],
    ["a:\n- b\na: c\n", "error 3:1 The key a stands twice in one map. Give it a list of values,"],
    [`a: ${"[".repeat(70)}${"]".repeat(70)}\n`, "error 1:68 Nested deeper than 64 levels."],
  ])("%j: %s", (text, expected) => {
    expect(messages(text).join("\n")).toContain(expected);
  });

  test("is not drawn into an alias bomb", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 10; i += 1) {
      lines.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]`);
    }
    expect(messages(lines.join("\n")).join()).toContain("The document has more than 50000 values.");
    expect(messages("a: &a [*a]\n").join()).toContain("error");
  });

  test("tells the first thing wrong, not its echoes", () => {
    expect(messages("a:\n\tb: c\n\td: e\n").length).toBe(1);
  });

  test("may have many keys without being compared key by key", () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `    requestParameters.k${i}: x\n`);
    const text = ruleText(`  a:\n${keys.join("")}  condition: a\n`);
    expect(messages(text)).toEqual([]);
  });

  test("may use aliases", () => {
    const text = ruleText(
      "  a: { eventName: &n [x, y] }\n  b: { errorCode: *n }\n  condition: a and b\n",
    );
    expect(loaded(text).matches(subject({ eventName: "x", errorCode: "y" }))).toBe(true);
  });
});
