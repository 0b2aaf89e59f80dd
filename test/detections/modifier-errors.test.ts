import { describe, expect, test } from "vitest";
import { itemRule, matches, messages } from "./rule-builder.ts";

describe("an illegal chain is an error at the modifier", () => {
  // The line is 9: six of head, `detection:`, the selection's name. The item begins in column 5.
  test.each([
    ["eventName|contians: x", "error 9:15 There is no modifier contians. Did you mean contains?"],
    ["eventName|regex: x", "error 9:15 There is no modifier regex. Did you mean re?"],
    ["eventName|: x", "error 9:15 There is no modifier with an empty name."],
    ["eventName|contains|contains: x", "error 9:24 The modifier contains stands twice."],
    [
      "'eventName|contains|startswith': x",
      "error 9:25 The modifiers contains and startswith exclude each other.",
    ],
    [
      "eventName|re|contains: x",
      "error 9:18 The modifier contains does not go with re. A regular expression is searched " +
        "anywhere already.",
    ],
    [
      "eventName|contains|re: x",
      "error 9:15 The modifier contains does not go with re. A regular expression is searched " +
        "anywhere already.",
    ],
    ["eventName|i|re: x", "error 9:15 The modifier i must come after re."],
    ["eventName|i: x", "error 9:15 The modifier i must come after re."],
    [
      "eventName|re|cased: x",
      "error 9:18 The modifier cased does not go with re. A regular expression is " +
        "case-sensitive already; i makes it case-insensitive.",
    ],
    [
      "eventName|contains|base64: x",
      "error 9:24 Write base64|contains: the wildcards of contains cannot be encoded.",
    ],
    ["eventName|startswith|fieldref: x", "error 9:15 Write fieldref|startswith."],
    [
      "eventName|gt|neq: 5",
      "error 9:18 neq does not go with a comparison: turn the comparison round.",
    ],
    ["eventName|gt|lt: 5", "error 9:18 The modifiers gt and lt exclude each other."],
    ["eventTime|gt|hour: 5", "error 9:18 Write hour|gt: the part of the time comes first."],
    [
      "eventName|exists|neq: true",
      "error 9:22 The modifier neq does not go with exists. Write exists: false.",
    ],
    [
      "eventName|cidr|contains: 10.0.0.0/8",
      "error 9:20 The modifier contains does not go with cidr.",
    ],
  ])("%s", (item, expected) => {
    expect(messages(itemRule(item))).toEqual([expected]);
  });
});

describe("a value a modifier cannot take is an error at the value", () => {
  test.each([
    ["eventName|all: x", "error 9:20 all needs a list of two values or more. Leave it out."],
    ["eventName|all: [x]", "error 9:20 all needs a list of two values or more. Leave it out."],
    ["eventName|exists: 'yes'", "error 9:23 exists takes true or false; the value is 'yes'."],
    [
      "eventName|exists: 'true'",
      "error 9:23 exists takes true or false; the value is the text 'true'. Write it without " +
        "quotes.",
    ],
    ["eventName|exists: [true, false]", "error 9:23 exists takes one value, true or false."],
    [
      "eventName|gt: '5'",
      "error 9:19 gt takes a number; the value is the text '5'. Write it without quotes.",
    ],
    ["eventTime|hour: noon", "error 9:21 hour takes a number; the value is 'noon'."],
    ["eventName|contains: null", "error 9:25 contains takes text; the value is null."],
    ["eventName|startswith: true", "error 9:27 startswith takes text; the value is true."],
    ["eventName|re: null", "error 9:19 re takes text; the value is null."],
    [
      "eventName|base64: 'a*'",
      "error 9:23 base64 cannot encode a*: it has wildcards, or is encoded already. Escape * " +
        "and ? with a backslash.",
    ],
    [
      "eventName|base64offset|contains: a",
      "error 9:38 a is too short for base64offset: it leaves nothing to find.",
    ],
    ["eventName|wide: ä", "error 9:21 ä is not ASCII: its UTF-16 form is no text. Add base64."],
    [
      "eventName|cidr: 10.1.2.3/8",
      "error 9:21 10.1.2.3/8 has bits set beyond its prefix. Did you mean 10.0.0.0/8?",
    ],
    [
      "eventName|cidr: 10.*",
      "error 9:21 10.* is no IPv4 or IPv6 network such as 10.0.0.0/8 or 2001:db8::/32.",
    ],
    [
      "eventName|cidr: 10.0.0.0/33",
      "error 9:21 10.0.0.0/33 is no IPv4 or IPv6 network such as 10.0.0.0/8 or 2001:db8::/32.",
    ],
    [
      "eventName|fieldref: 'user*'",
      "error 9:25 fieldref takes a field's name, without wildcards; the value is user*.",
    ],
    [
      "eventName|fieldref: role.mod",
      "error 9:25 There is no fact role.mod. Did you mean role.mode?",
    ],
    [
      "eventName|windash: -a -b -c -d -e -f -g",
      "error 9:24 windash cannot permute -a -b -c -d -e -f -g: it has too many flags, or is " +
        "encoded.",
    ],
    [
      "eventName|windash: '-a -b -c -d -e -f * -g -h'",
      "error 9:24 windash cannot permute -a -b -c -d -e -f * -g -h: it has too many flags, or is " +
        "encoded.",
    ],
    [
      "eventName|re: 'a(b'",
      "error 9:19 Cannot read a(b as a regular expression: missing closing ): `a(b`.",
    ],
    ["eventName: []", "error 9:16 The list is empty: no value can match."],
    [
      "eventName: {a: b}",
      "error 9:16 A value or a list of values is expected. Write nested fields with dots, and a " +
        "text that begins with { in quotes.",
    ],
    ["eventName: [[a]]", "error 9:17 A list of values holds values only, no maps or lists."],
  ])("%s", (item, expected) => {
    expect(messages(itemRule(item))).toEqual([expected]);
  });

  test.each(
    ["(?=x)y", "(a", String.raw`(a)\1`],
  )("the regular expression %s is refused", (source) => {
    const [only, ...more] = messages(itemRule(`eventName|re: '${source}'`));
    expect(only).toContain(`error 9:19 Cannot read ${source} as a regular expression: `);
    expect(more).toEqual([]);
  });

  test("a regular expression that would ruin a backtracking engine is fast", () => {
    expect(matches("eventName|re: ^(a+)+$", { eventName: `${"a".repeat(5000)}b` })).toBe(false);
  });
});

describe("a fact is compared as what it is", () => {
  test.each([
    ["session.distinct_secret_count|gt: 5", null],
    ["session.distinct_secret_count: 5", null],
    [
      "session.distinct_secret_count: many",
      "session.distinct_secret_count is a number: it is compared with numbers, by gt, gte, lt " +
        "or lte.",
    ],
    [
      "session.distinct_secret_count|contains: 5",
      "session.distinct_secret_count is a number: it is compared with numbers, by gt, gte, lt " +
        "or lte.",
    ],
    ["event.is_sensitive_read: true", null],
    ["event.is_sensitive_read: yes", "event.is_sensitive_read is true or false; the value is yes."],
    ["role.mode|gt: 5", "role.mode is text: it cannot be compared with a number."],
    ["role.mode: null", null],
    ["role.mod: readonly", "There is no fact role.mod. Did you mean role.mode?"],
    ["role: readonly", "There is no fact role."],
  ])("%s: %s", (item, expected) => {
    const found = messages(itemRule(item));
    if (expected === null) expect(found).toEqual([]);
    else expect(found.join()).toContain(expected);
  });
});
