import { describe, expect, it } from "vitest";
import { load, small, wrong } from "./correlation-texts.ts";

describe("errors", () => {
  it.each([
    [
      "an unknown rule",
      { rules: "[prob]" },
      "5:11 No rule has the name or id 'prob' (did you mean 'probe'?).",
    ],
    [
      "a title for a name",
      { rules: "[Title of probe]" },
      "5:11 'Title of probe' is a title: refer to the rule by its name 'probe'.",
    ],
    [
      "a rule listed twice",
      { rules: "[probe, id-of-probe]" },
      "5:18 'id-of-probe' is the rule 'probe', which is listed already.",
    ],
    [
      "no rules",
      { rules: null },
      "4:3 'correlation.rules' is missing: expected names or ids of rules.",
    ],
    [
      "an unknown type",
      { type: "event-count" },
      "4:9 'correlation.type' is 'event-count': expected one of event_count, value_count, " +
        "temporal, temporal_ordered," +
        " value_sum, value_avg, value_percentile, value_median (did you mean 'event_count'?).",
    ],
    [
      "an unknown fact",
      { "group-by": "[session.ids]" },
      "6:14 'session.ids' is no fact (did you mean 'session.id'?).",
    ],
    [
      "an unknown field of findings",
      { type: "value_count", condition: "{ field: finding.tactics, gte: 2 }" },
      "8:23 'finding.tactics' is no field of a finding (did you mean 'finding.tactic'?).",
    ],
    [
      "a month",
      { timespan: "1M" },
      "7:13 'correlation.timespan' is '1M': expected a number from 1 and a unit s, m, h, d " +
        "or w, like 90m, at most 3650d." +
        " Write months and years in days.",
    ],
    [
      "no time at all",
      { timespan: "0s" },
      "7:13 'correlation.timespan' is '0s': expected a number from 1 and a unit s, m, h, d " +
        "or w, like 90m, at most 3650d.",
    ],
    [
      "no timespan",
      { timespan: null },
      "4:3 'correlation.timespan' is missing: expected a length such as 90s, 15m, 24h or 7d.",
    ],
    [
      "no condition",
      { condition: null },
      "4:3 'correlation.condition' is missing: expected a comparison like 'gte: 3'.",
    ],
    [
      "a condition that compares nothing",
      { condition: "{}" },
      "8:14 'correlation.condition' compares nothing: expected one of gt, gte, lt, lte, eq, neq.",
    ],
    [
      "an unknown comparison",
      { condition: "{ gte: 3, grt: 3 }" },
      "8:29 Unknown key 'correlation.condition.grt' (did you mean 'gt'?): expected gt, " +
        "gte, lt, lte, eq, neq, field, percentile.",
    ],
    [
      "a count that is a text",
      { condition: "{ gte: three }" },
      "8:21 'correlation.condition.gte' is 'three': expected a whole number from 0.",
    ],
    [
      "a condition that cannot hold",
      { condition: "{ gt: 4, lt: 5 }" },
      "8:14 The condition can never hold: windows are judged only where an event is, so " +
        "counts start at 1.",
    ],
    [
      "a count of nothing",
      { condition: "{ lt: 1 }" },
      "8:14 The condition can never hold: windows are judged only where an event is, so " +
        "counts start at 1.",
    ],
    [
      "a value count without its field",
      { type: "value_count" },
      "8:14 'correlation.condition.field' is missing: expected the field (or fields) whose " +
        "values are counted.",
    ],
    [
      "a sum of two fields",
      { type: "value_sum", condition: "{ field: [a, b], gte: 1 }" },
      "8:23 'correlation.condition.field' is [\"a\",\"b\"]: expected the field whose " +
        "numbers are taken.",
    ],
    [
      "a percentile above all",
      { type: "value_percentile", condition: "{ field: a, gte: 1, percentile: 101 }" },
      "8:46 'correlation.condition.percentile' is 101: expected a number from 0 to 100.",
    ],
    [
      "an expression that ends early",
      { type: "temporal", condition: "probe and" },
      "8:14 The condition ends where a rule name is expected.",
    ],
    [
      "an expression over rules not listed",
      { type: "temporal", condition: "probe and share" },
      "8:14 The condition names 'share', which is not among 'correlation.rules'.",
    ],
    [
      "an expression that only excludes",
      { type: "temporal", condition: "not probe" },
      "8:14 The condition only excludes rules: expected one that must occur.",
    ],
    [
      "an expression for a count",
      { condition: "probe" },
      "8:14 'correlation.condition' is 'probe': expected a comparison like 'gte: 3'.",
    ],
    [
      "an alias that leaves a rule out",
      {
        rules: "[probe, share]",
        "group-by": "[ip]",
        aliases: "{ ip: { probe: sourceIPAddress } }",
      },
      "6:14 The alias 'ip' names no field for the rule 'share'.",
    ],
    [
      "an alias for a rule not listed",
      { aliases: "{ ip: { share: sourceIPAddress } }" },
      "9:27 The alias names the rule 'share', which is not among 'correlation.rules'.",
    ],
    [
      "an unknown key",
      { "group_by": "[a]" },
      "9:13 Unknown key 'correlation.group_by' (did you mean 'group-by'?).",
    ],
  ])("name %s", (_, lines, expected) => {
    const given = small(lines);
    expect(wrong(given)).toEqual([expected]);
    expect(load(given).correlations).toEqual([]);
  });

  it.each([
    [
      "trailwarden:\n  because: '{session.id} did it'\n",
      "10:12 '{session.id}' is not known of a correlation: expected one of " +
        "userIdentity.arn, correlation.value, " +
        "correlation.event_count, correlation.rules, correlation.duration_seconds, " +
          "correlation.timespan_seconds.",
    ],
    [
      "trailwarden:\n  because: 'a {'\n",
      "10:12 A '{' is not closed. Write '{{' for the character itself.",
    ],
    [
      "trailwarden:\n  level_when: { awsRegion: { eu-west-1: low } }\n",
      "10:28 'awsRegion' is not grouped by: expected one of userIdentity.arn.",
    ],
    [
      "level: sever\n",
      "9:8 'level' is 'sever': expected one of informational, low, medium, high, critical.",
    ],
  ])("are told of %s", (rest, expected) => {
    expect(wrong(small({}, rest))).toEqual([expected]);
  });

  it("tell of a name that is taken", () => {
    expect(wrong(small().replace("name: small", "name: probe"))).toEqual([
      "1:1 The name 'probe' or id 'probe' is taken by 'Title of probe' in rules/probe.yml.",
    ]);
  });

  it("only warn of a condition that a first event meets", () => {
    const { correlations, problems } = load(small({ condition: "{ lte: 2 }" }));
    expect(correlations.length).toBe(1);
    expect(problems.map(({ severity }) => severity)).toEqual(["warning"]);
  });
});
