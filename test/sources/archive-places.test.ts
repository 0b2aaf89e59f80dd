import { describe, expect, it } from "vitest";
import { placesUnder, type PlaceFilter } from "../../src/sources/archive-places.ts";

const keys = [
  "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/01/a.json.gz",
  "AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01/a.json.gz",
  "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/a.json.gz",
  "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/01/a.gz",
  "AWSLogs/aws-account-x/CloudTrail/eu-west-1/2026/03/01/a.json.gz",
  "team/security/AWSLogs/o-ab12cd34ef/444455556666/CloudTrail/eu-west-1/2026/03/01/a.json.gz",
  "team/security/AWSLogs/o-ab12cd34ef/777788889999/CloudTrail/ap-southeast-2/2026/03/01/a.json.gz",
  "team/other/file.txt",
];

/** As S3 lists with a delimiter; counts what was asked. */
function bucket(names: readonly string[] = keys) {
  const asked: string[] = [];
  const foldersOf = (prefix: string) => {
    asked.push(prefix);
    const folders = names.filter((key) => key.startsWith(prefix)).flatMap((key) => {
      const end = key.indexOf("/", prefix.length);
      return end === -1 ? [] : [key.slice(0, end + 1)];
    });
    return Promise.resolve([...new Set(folders)].sort());
  };
  return { asked, foldersOf };
}

const all: PlaceFilter = { accounts: [], regions: [] };
const plain = "AWSLogs/111122223333/CloudTrail/";
const org = "team/security/AWSLogs/o-ab12cd34ef/";

describe("places of log files", () => {
  it.each<[string, string, PlaceFilter, readonly string[]]>([
    ["at the bucket's root", "", all, [`${plain}eu-west-1/`, `${plain}us-east-1/`]],
    [
      "below a prefix before AWSLogs", "team", all,
      [`${org}444455556666/CloudTrail/eu-west-1/`, `${org}777788889999/CloudTrail/ap-southeast-2/`],
    ],
    [
      "from an organisation on", org, all,
      [`${org}444455556666/CloudTrail/eu-west-1/`, `${org}777788889999/CloudTrail/ap-southeast-2/`],
    ],
    [
      "from an account on", "AWSLogs/111122223333", all,
      [`${plain}eu-west-1/`, `${plain}us-east-1/`],
    ],
    ["from CloudTrail's folder on", plain, all, [`${plain}eu-west-1/`, `${plain}us-east-1/`]],
    ["from a region on", `${plain}eu-west-1/`, all, [`${plain}eu-west-1/`]],
    ["of one account", "team/", { ...all, accounts: ["444455556666"] },
      [`${org}444455556666/CloudTrail/eu-west-1/`]],
    ["of one region", "", { ...all, regions: ["us-east-1"] }, [`${plain}us-east-1/`]],
    ["of another account than the prefix's", plain, { ...all, accounts: ["444455556666"] }, []],
    ["of another kind", "AWSLogs/111122223333/CloudTrail-Digest/", all, []],
    ["where there are none", "team/other", all, []],
  ])("are found %s", async (...[, prefix, filter, expected]) => {
    const { foldersOf } = bucket();
    const places = await placesUnder(prefix, foldersOf, filter);
    expect(places.map(({ folder }) => folder)).toEqual(expected);
    expect(places.every(({ folder, account, region, days }) =>
      folder.endsWith(`/${account}/CloudTrail/${region}/`) && days === null)).toBe(true);
  });

  it("within a year, a month or a day keep to it", async () => {
    const { asked, foldersOf } = bucket();
    const found = await Promise.all(["2026", "2026/03/", "2026/03/01"].map((days) =>
      placesUnder(`${plain}eu-west-1/${days}`, foldersOf, all)));
    expect(found.flat()).toEqual([
      ["2026-01-01", "2026-12-31"], ["2026-03-01", "2026-03-31"], ["2026-03-01", "2026-03-01"],
    ].map((days) => (
      { account: "111122223333", region: "eu-west-1", folder: `${plain}eu-west-1/`, days }
    )));
    expect(asked).toEqual([]);
  });

  it("are looked for only where they can be", async () => {
    const { asked, foldersOf } = bucket();
    await placesUnder("", foldersOf, all);
    expect(asked).toEqual(["", "AWSLogs/", plain]);
  });

  it("are not looked for without end", async () => {
    const { asked, foldersOf } = bucket(["a/b/c/d/e/f/g/h/i/j/k.json"]);
    expect(await placesUnder("", foldersOf, all)).toEqual([]);
    expect(asked.length).toBe(4);
  });
});
