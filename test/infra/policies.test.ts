import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The wrapper's: it asks for an agent's credentials, and is no part of the service. */
const ofRun = new Set(["sts:AssumeRoleWithWebIdentity"]);

const ofSinks = ["s3:PutObject", "sns:Publish", "events:PutEvents"];

const root = join(import.meta.dirname, "..", "..");

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const { Statement: statements } = JSON.parse(
  readFileSync(join(root, "infra/watch-policy.json"), "utf8"),
) as { readonly Statement: readonly Statement[] };

/** Actions that the source names where it calls AWS, or tells what is missing. */
function actionsInSource(): readonly string[] {
  const texts = ["src/aws", "src/sources"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => readFileSync(join(root, folder, name), "utf8")));
  return texts.flatMap((text) => [
    ...[...text.matchAll(/\baction: "(\w+:\w+)"/g)].map(([, action]) => action ?? ""),
    // `Queue` names its action after the call.
    ...[...text.matchAll(/#called\("(\w+)"/g)].map(([, call]) => `sqs:${call ?? ""}`),
    ...[...text.matchAll(/may not do (\w+:\w+)/g)].map(([, action]) => action ?? ""),
  ]).filter((action) => !ofRun.has(action));
}

describe("infra/watch-policy.json", () => {
  it("allows every action the program needs, and no other", () => {
    const allowed = statements.flatMap(({ Action }) => Action);
    expect(new Set(allowed)).toEqual(new Set(actionsInSource()));
    expect(allowed).toHaveLength(new Set(allowed).size);
    expect(allowed.length).toBeGreaterThan(7);
  });

  it("allows each on named things, but for what AWS knows no resource of", () => {
    const everywhere = statements.filter(({ Resource }) => Resource === "*");
    expect(everywhere.map(({ Action }) => Action)).toEqual(["cloudtrail:LookupEvents"]);
    expect(statements.filter(({ Effect }) => Effect !== "Allow")).toEqual([]);
    expect(statements.filter(({ Sid }) => !/^[A-Za-z0-9]+$/.test(Sid))).toEqual([]);
  });
});

describe("docs/sources.md", () => {
  it("names every action a queue needs", () => {
    const text = readFileSync(join(root, "docs/sources.md"), "utf8");
    const elsewhere = new Set(["cloudtrail:LookupEvents", ...ofSinks]);
    const ofQueues = actionsInSource().filter((action) => !elsewhere.has(action));
    expect(ofQueues.filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
  });
});

describe("docs/notifications.md", () => {
  it("names every action a sink needs", () => {
    const text = readFileSync(join(root, "docs/notifications.md"), "utf8");
    expect(ofSinks.filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
    expect(actionsInSource()).toEqual(expect.arrayContaining(ofSinks));
  });
});
