import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The wrapper's: it asks for an agent's credentials, and is no part of the service. */
const ofRun = new Set(["sts:AssumeRoleWithWebIdentity"]);

const ofSinks = ["s3:PutObject", "sns:Publish", "events:PutEvents"];
/** `verify-trail`'s: nothing that watches needs it. */
const ofVerifyTrail = new Set([
  "cloudtrail:ListPublicKeys", "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus",
  "cloudtrail:GetEventSelectors",
]);

const root = join(import.meta.dirname, "..", "..");

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

function statementsIn(name: string): readonly Statement[] {
  const text = readFileSync(join(root, "infra", name), "utf8");
  return (JSON.parse(text) as { readonly Statement: readonly Statement[] }).Statement;
}

const statements = statementsIn("watch-policy.json");

/** Actions that the source names where it calls AWS, or tells what is missing. */
function actionsInSource(): readonly string[] {
  const texts = ["src/aws", "src/sources"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => readFileSync(join(root, folder, name), "utf8")));
  return actionsIn(texts).filter((action) => !ofRun.has(action));
}

function actionsIn(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => [
    ...[...text.matchAll(/\baction: "(\w+:\w+)"/g)].map(([, action]) => action ?? ""),
    // `Queue` names its action after the call.
    ...[...text.matchAll(/#called\("(\w+)"/g)].map(([, call]) => `sqs:${call ?? ""}`),
    ...[...text.matchAll(/may not do (\w+:\w+)/g)].map(([, action]) => action ?? ""),
  ]);
}

describe("infra/watch-policy.json", () => {
  it("allows every action the program needs, and no other", () => {
    const allowed = statements.flatMap(({ Action }) => Action);
    const needed = actionsInSource().filter((action) => !ofVerifyTrail.has(action));
    expect(new Set(allowed)).toEqual(new Set(needed));
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

describe("infra/verify-trail-policy.json", () => {
  const allowed = statementsIn("verify-trail-policy.json").flatMap(({ Action }) => Action);

  it("allows every action that verifying needs, and no other", () => {
    const files = [
      "s3.ts", "s3-list.ts", "cloudtrail-keys.ts", "cloudtrail-trails.ts", "clients.ts", "fault.ts",
    ];
    const needed = actionsIn(
      files.map((name) => readFileSync(join(root, "src/aws", name), "utf8")),
    );
    expect(new Set(allowed)).toEqual(new Set(needed));
    expect(needed).toContain("cloudtrail:ListPublicKeys");
  });

  it("is told of in docs/verify-trail.md", () => {
    const text = readFileSync(join(root, "docs/verify-trail.md"), "utf8");
    expect(allowed.filter((action) => !text.includes(`\`${action}\``))).toEqual([]);
  });
});

describe("docs/sources.md", () => {
  it("names every action a queue needs", () => {
    const text = readFileSync(join(root, "docs/sources.md"), "utf8");
    const elsewhere = new Set(["cloudtrail:LookupEvents", ...ofSinks, ...ofVerifyTrail]);
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
