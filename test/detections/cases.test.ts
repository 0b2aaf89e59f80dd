import { describe, expect, it } from "vitest";
import { caseBaseNames, caseBases } from "../../src/detections/case-bases.ts";
import { parseCases } from "../../src/detections/cases.ts";
import type { RawRecord } from "../../src/records/record.ts";

const quiet = [{ name: "quiet", records: [{ base: "assumed-role" }] }];

function parse(
  fires: unknown,
  rest: Readonly<Record<string, unknown>> = {},
): ReturnType<typeof parseCases> {
  return parseCases(
    JSON.stringify({ fires, quiet, ...rest }),
    "rules/detections/some-rule.cases.json",
  );
}

function recordsOf(
  records: readonly unknown[],
  rest: Readonly<Record<string, unknown>> = {},
): readonly RawRecord[] {
  const { cases, problems } = parse([{ name: "one", records }], rest);
  expect(problems).toEqual([]);
  return cases?.cases[0]?.records ?? [];
}

describe("records of a case", () => {
  it("start from a base and change what the case is about", () => {
    const [record] = recordsOf([
      {
        base: "assume-role-issuance",
        set: {
          eventName: "X",
          "requestParameters.foo.bar": [1],
          "resources.0.accountId": "222222222222",
          "newField.list": null,
        },
        unset: ["responseElements.credentials.sessionToken", "userAgent", "nothing.there"],
      },
    ]);
    expect(record).toMatchObject({
      eventName: "X",
      requestParameters: { roleSessionName: "task-4711", foo: { bar: [1] } },
      newField: { list: null },
    });
    expect(record?.["resources"]).toEqual([
      {
        accountId: "222222222222",
        type: "AWS::IAM::Role",
        ARN: "arn:aws:iam::111111111111:role/agents/ro-inventory",
      },
    ]);
    expect(record).not.toHaveProperty("userAgent");
    expect(record).not.toHaveProperty("responseElements.credentials.sessionToken");
    expect(caseBases["assume-role-issuance"]).toHaveProperty(
      "responseElements.credentials.sessionToken",
      "SCRUB-ME",
    );
  });

  it("get ids of their own, the same in every run", () => {
    const twice = [{ base: "assumed-role" }, { base: "assumed-role" }];
    const [first, second] = recordsOf(twice);
    expect(first?.["eventID"]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    );
    expect(
      new Set([
        first?.["eventID"],
        second?.["eventID"],
        first?.["requestID"],
        second?.["requestID"],
      ]).size,
    ).toBe(4);
    expect(recordsOf(twice)).toEqual([first, second]);
  });

  it("keep the ids they bring, so that duplicates can be written", () => {
    const given = { base: "assumed-role", set: { eventID: "same" } };
    expect(recordsOf([given, given]).map((record) => record["eventID"])).toEqual(["same", "same"]);
  });

  it("may be written whole", () => {
    expect(recordsOf([{ eventName: "Y", eventID: "e", requestID: "r" }])).toEqual([
      { eventName: "Y", eventID: "e", requestID: "r" },
    ]);
  });

  it("repeat, and move in time", () => {
    const records = recordsOf([
      { base: "assumed-role", afterSeconds: 60, times: 3, everySeconds: 5 },
    ]);
    expect(records.map((record) => record["eventTime"])).toEqual([
      "2026-03-01T10:02:00Z",
      "2026-03-01T10:02:05Z",
      "2026-03-01T10:02:10Z",
    ]);
    expect(new Set(records.map((record) => record["eventID"])).size).toBe(3);
  });

  it("share what the file shares", () => {
    const shared = { delete: { base: "iam-user", set: { eventName: "DeleteTrail" } } };
    const [record] = recordsOf([{ use: "delete", set: { awsRegion: "us-east-1" } }], { shared });
    expect(record).toMatchObject({
      eventName: "DeleteTrail",
      awsRegion: "us-east-1",
      userIdentity: { type: "IAMUser" },
    });
  });
});

describe("config of a case", () => {
  it("is the file's, the case's own, or none", () => {
    const own = { name: "own", config: { retentionDays: 7 }, records: [{}] };
    const { cases } = parse(
      [{ name: "file's", records: [{}] }, own],
      { config: { retentionDays: 30 } },
    );
    expect(cases?.cases.map(({ name, config }) => [name, config.retentionDays])).toEqual([
      ["file's", 30],
      ["own", 7],
      ["quiet", 30],
    ]);
    expect(parse([{ name: "none", records: [{}] }]).cases?.cases[0]?.config.agents).toEqual([]);
  });
});

describe("bad case files", () => {
  const fine = { name: "one", records: [{ base: "root" }] };
  it.each([
    [
      "no firing case",
      [],
      {},
      "'fires' is []: expected at least one case in which the rule fires.",
    ],
    [
      "no quiet case",
      [fine],
      { quiet: [] },
      "'quiet' is []: expected at least one case in which the rule stays quiet.",
    ],
    ["an unknown key", [fine], { loud: [] }, "Unknown key 'loud'."],
    [
      "a case without records",
      [{ name: "one", records: [] }],
      {},
      "'fires[0].records' is []: expected at least one record.",
    ],
    [
      "an unknown base",
      [{ name: "one", records: [{ base: "assumed-rol" }] }],
      {},
      `'fires[0].records[0].base' is 'assumed-rol': expected one of ` +
        `${caseBaseNames.join(", ")} (did you mean 'assumed-role'?).`,
    ],
    [
      "an unknown shared record",
      [{ name: "one", records: [{ use: "delte" }] }],
      { shared: { delete: { base: "root" } } },
      "'fires[0].records[0].use' is 'delte': no shared record has that name (did you mean " +
        "'delete'?).",
    ],
    [
      "shared records that lean on each other",
      [fine],
      { shared: { a: { use: "b" }, b: { base: "root" } } },
      "'shared.a' uses another shared record: expected a base or a record.",
    ],
    [
      "an unknown level",
      [{ ...fine, expect: { level: "sever" } }],
      {},
      "'fires[0].expect.level' is 'sever': expected one of informational, low, medium, " +
        "high, critical.",
    ],
    [
      "a path to a prototype",
      [{ name: "one", records: [JSON.parse('{"base":"root","unset":["__proto__.x"]}')] }],
      {},
      "'fires[0].records[0].unset[0]' is '__proto__.x': expected no '__proto__' in a path.",
    ],
    [
      "a config key",
      [{ ...fine, config: { agents: [{ nam: "x" }] } }],
      {},
      "'fires[0].config.agents[0].name' is missing: expected string, received undefined.",
    ],
  ])("name %s", (...[, fires, rest, expected]) => {
    const { cases, problems } = parse(fires, rest);
    expect(cases).toBeNull();
    expect(problems[0]).toEqual({
      severity: "error",
      file: "rules/detections/some-rule.cases.json",
      line: null,
      column: null,
      message: expected,
    });
  });

  it("that are no JSON name line and column", () => {
    const { problems } = parseCases('{\n  "fires": [,]\n}', "x.cases.json");
    expect(problems).toMatchObject([{ line: 2, column: 13 }]);
    expect(problems[0]?.message).toMatch(/^Cannot read the file as JSON: Unexpected token/);
  });
});

describe("base records", () => {
  it.each(caseBaseNames)("%s has what every record has, and no id of its own", (name) => {
    const base = caseBases[name];
    const always = ["eventVersion", "eventTime", "eventSource", "eventName", "userIdentity"];
    for (const key of always) {
      expect(base).toHaveProperty(key);
    }
    expect(base).not.toHaveProperty("eventID");
    const accounts = JSON.stringify(base).match(/\b\d{12}\b/g) ?? [];
    expect(
      accounts.filter((id) => !["111111111111", "222222222222"].includes(id) && !/^0+/.test(id)),
    ).toEqual([]);
  });
});
