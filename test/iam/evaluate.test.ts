import { describe, expect, it } from "vitest";
import { isDenied, type Context } from "./evaluate.ts";

const deny = (Condition: object, more: object = {}): string => JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "*", Resource: "*", Condition, ...more }],
});
const userid = { "aws:userid": "AROAX:a" };
const issued = (time: string): Context => ({ "aws:TokenIssueTime": `2026-03-01T${time}Z` });
const both = {
  StringEquals: { "aws:userid": ["AROAX:a", "AROAX:b"] },
  DateLessThan: { "aws:TokenIssueTime": "2026-03-01T10:00:00Z" },
};

describe("the evaluator", () => {
  it.each<readonly [string, object, Context, boolean]>([
    ["no condition", {}, {}, true],
    ["an equal value", { StringEquals: userid }, userid, true],
    ["another case of the value", { StringEquals: userid }, { "aws:userid": "AROAX:A" }, false],
    ["another case of the key", { StringEquals: { "AWS:UserID": "AROAX:a" } }, userid, true],
    ["an absent key", { StringEquals: userid }, {}, false],
    ["an absent key, if it exists", { StringEqualsIfExists: userid }, {}, true],
    ["a present key, if it exists", { StringEqualsIfExists: userid }, { "aws:userid": "b" }, false],
    ["any value of a list", both, { ...userid, ...issued("09:59:59") }, true],
    ["all operators", both, { ...userid, ...issued("10:00:00") }, false],
    ["an absent date", both, userid, false],
    ["a star", { StringLike: { "aws:userid": "AROAX:*" } }, userid, true],
    ["a star in the middle", { StringLike: { "aws:userid": "A*:a" } }, userid, true],
    ["a question mark", { StringLike: { "aws:userid": "AROAX:?" } }, userid, true],
    ["a star alone in StringEquals", { StringEquals: { "aws:userid": "*" } }, userid, false],
    ["dots as dots", { StringLike: { "aws:userid": "A...X:a" } }, userid, false],
  ])("knows %s", (...[, condition, context, expected]) => {
    expect(isDenied([deny(condition)], context)).toBe(expected);
  });

  it.each<[string, string]>([
    ["an operator", deny({ StringNotEquals: userid })],
    ["a variable", deny({ StringEquals: { "aws:userid": "${aws:username}" } })],
    ["an action", deny({}, { Action: "s3:*" })],
    ["a date", deny({ DateLessThan: { "aws:userid": "2026-03-01" } })],
    ["an effect", deny({}, { Effect: "Forbid" })],
    ["a version", JSON.stringify({ Version: "2008-10-17", Statement: [] })],
    ["nothing at all", JSON.stringify({ Version: "2012-10-17", Statement: [] })],
  ])("throws on %s it does not know", (_what, document) => {
    expect(() => isDenied([document], userid)).toThrow();
  });

  it("takes an Allow for no denial, and any of several policies for one", () => {
    const allow = deny({}, { Effect: "Allow" });
    expect(isDenied([allow], userid)).toBe(false);
    expect(isDenied([allow, deny({ StringEquals: userid })], userid)).toBe(true);
  });
});
