import { describe, expect, test } from "vitest";
import { loaded, messages, ruleText, subject } from "./rule-builder.ts";

const selections = `  sel_a: { eventName: a }
  sel_b: { awsRegion: b }
  sel_c: { userAgent: c }
  _hidden: { apiVersion: h }
`;

function rule(condition: string): string {
  return ruleText(`${selections}  condition: ${condition}\n`);
}

/** The record in which the selections named by the letters hold. */
function holding(letters: string): unknown {
  const fields = { a: "eventName", b: "awsRegion", c: "userAgent", h: "apiVersion" };
  return Object.fromEntries(
    Object.entries(fields).map(
      ([letter, field]) => [field, letters.includes(letter) ? letter : "-"],
    ),
  );
}

function match(condition: string, letters: string): boolean {
  return loaded(rule(condition)).matches(subject(holding(letters)));
}

describe("a condition", () => {
  test.each([
    ["sel_a", ["a"], ["", "b"]],
    ["not sel_a", ["", "b"], ["a"]],
    ["not not sel_a", ["a"], [""]],
    ["sel_a and sel_b", ["ab"], ["a", "b"]],
    ["sel_a or sel_b and sel_c", ["a", "bc"], ["b", "c"]],
    ["(sel_a or sel_b) and sel_c", ["ac", "bc"], ["a", "ab"]],
    ["sel_a and not sel_b or sel_c", ["a", "c", "abc"], ["ab", ""]],
    ["not sel_a and sel_b", ["b"], ["ab", ""]],
    ["not (sel_a or sel_b)", ["", "c"], ["a", "b"]],
    ["sel_a AND NOT sel_b", ["a"], ["ab"]],
    ["1 of sel_*", ["a", "b", "c"], ["", "h"]],
    ["any of sel_*", ["a"], ["h"]],
    ["all of sel_*", ["abc"], ["ab"]],
    ["2 of sel_*", ["ab", "bc", "abc"], ["a", ""]],
    ["3 of sel_*", ["abc"], ["ab"]],
    ["1 of them", ["a"], ["", "h"]],
    ["all of them", ["abc"], ["abh"]],
    ["all of *", ["abch"], ["abc"]],
    ["1 of *_a", ["a"], ["b"]],
    ["1 of s*l*b", ["b"], ["a"]],
    ["1 of sel_a", ["a"], ["b"]],
    ["1 of sel_* and not 1 of _hid*", ["a"], ["ah"]],
    ["[sel_a, sel_b and sel_c]", ["a", "bc"], ["b", "c"]],
  ])("%s", (condition, holds, fails) => {
    expect(holds.map((letters) => match(condition, letters))).toEqual(holds.map(() => true));
    expect(fails.map((letters) => match(condition, letters))).toEqual(fails.map(() => false));
  });

  test("may use selections called like quantities", () => {
    const text = ruleText(
      "  all: { eventName: a }\n  any: { awsRegion: b }\n  condition: all and any\n",
    );
    expect(loaded(text).matches(subject(holding("ab")))).toBe(true);
  });

  test("joins the maps of a list by or, the lines of a map by and", () => {
    const text = ruleText(
      "  selection:\n    - { eventName: a, awsRegion: b }\n    - userAgent: c\n  condition: " +
        "selection\n",
    );
    const found = ["ab", "c", "a", "b"].map(
      (letters) => loaded(text).matches(subject(holding(letters))),
    );
    expect(found).toEqual([true, true, false, false]);
  });
});

describe("a condition that cannot be read is an error at the word", () => {
  // `condition: ` ends in column 13; the line is the 12th.
  test.each([
    ["sel_a and", "error 12:23 Expected a selection, found the end."],
    ["sel_a sel_b", "error 12:20 Expected and, or or the end, found sel_b."],
    ["and sel_a", "error 12:14 Expected a selection, found and."],
    ["(sel_a", "error 12:20 Expected a closing parenthesis."],
    ["sel_a)", "error 12:19 Expected and, or or the end, found )."],
    ["sel_x or sel_a", "error 12:14 There is no selection sel_x. Did you mean sel_a?"],
    ["sel_*", "error 12:14 Expected a selection, found sel_*. Write 1 of sel_*."],
    ["1 of nothing*", "error 12:19 No selection is meant by nothing*."],
    ["4 of sel_*", "error 12:19 sel_* means 3 of the selections: 4 can never hold."],
    ["0 of sel_*", "error 12:14 Expected all, any or a number from 1 before of, found 0."],
    ["some of sel_*", "error 12:14 Expected all, any or a number from 1 before of, found some."],
    ["1 of", "error 12:18 Expected them or a selection pattern such as selection* after of."],
    [
      "sel_a | count() by userAgent > 5",
      "error 12:20 Aggregations in conditions are obsolete. Write a Sigma correlation of its " +
        "own, such as type: event_count, that names this rule.",
    ],
    [
      "sel_a near sel_b",
      "error 12:20 Aggregations in conditions are obsolete. Write a Sigma correlation of its " +
        "own, such as type: event_count, that names this rule.",
    ],
    ["''", "error 12:15 Expected a selection, found the end."],
    [
      "{}",
      "error 12:14 The condition must be text such as selection and not filter, or a list of " +
        "such texts.",
    ],
    [`${"(".repeat(200)}sel_a${")".repeat(200)}`, "error 12:115 Nested deeper than 100 levels."],
  ])("%s", (condition, expected) => {
    expect(messages(rule(condition))).toEqual([expected]);
  });

  test.each([
    ["sel_a && sel_b", "error 12:20 A condition has no &&. Write and."],
    ["sel_a || sel_b", "error 12:20 A condition has no ||. Write or."],
    ["sel_a and ! sel_b", "error 12:24 A condition has no !. Write not."],
  ])("and other languages' signs are told ours: %s", (condition, expected) => {
    const errors = messages(rule(condition)).filter((text) => text.startsWith("error"));
    expect(errors).toEqual([expected]);
  });

  test("and where it runs over several lines, told at its beginning", () => {
    expect(messages(rule("sel_a and\n    sel_q"))).toEqual([
      "error 12:14 There is no selection sel_q. Did you mean sel_a?",
    ]);
  });

  test("and told where a quoted condition goes wrong", () => {
    expect(messages(rule("'sel_a and sel_q'"))).toEqual([
      "error 12:25 There is no selection sel_q. Did you mean sel_a?",
    ]);
  });

  test("a selection that no condition uses is a warning", () => {
    expect(messages(rule("1 of sel_*"))).toEqual(
      ["warning 11:3 The condition never uses the selection _hidden."],
    );
  });

  test.each([
    ["  condition: a\n", "error 8:3 There is no selection beside the condition."],
    [
      "  a: { eventName: x }\n",
      "error 8:3 The condition is missing. Write condition: selection beside the selections.",
    ],
    [
      "  a: { eventName: x }\ncondition: a\n",
      "error 8:3 The condition is missing. It stands outside the detection: indent it like the " +
        "selections.",
    ],
    [
      "  - a: { eventName: x }\n  - condition: a\n",
      "error 8:3 The detection is a list: expected a map of selections and a condition. Leave " +
        "out the dashes.",
    ],
    ["  a: {}\n  condition: a\n", "error 8:6 The selection is empty: it would match everything."],
    ["  a: []\n  condition: a\n", "error 8:6 The selection a is empty."],
    [
      "  a:\n  condition: a\n",
      "error 8:3 The selection a is empty. Indent its fields deeper than its name.",
    ],
    [
      "  a: [[x]]\n  condition: a\n",
      "error 8:7 A selection's list holds maps or keywords, no lists.",
    ],
  ])("%j", (detection, expected) => {
    expect(messages(ruleText(detection))).toContain(expected);
  });
});
