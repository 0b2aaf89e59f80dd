import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptySnapshot } from "../../src/audit/snapshot.ts";
import { accountWith } from "../audit/accounts.ts";
import { account, allow, document, role, user } from "../audit/subjects.ts";
import { agentUserAgent, record } from "../builders/record.ts";
import { Workplace } from "./program.ts";

const work = new Workplace();
afterAll(() => {
  work.remove();
});

const arn = `arn:aws:iam::${account}:role/agent`;
const may = (Action: string) => [{ name: "own", document: document(allow(Action)) }];

function configured(audit: object = {}): void {
  work.write("trailwarden.yaml", JSON.stringify({ audit }));
}

function snapshot(at: string, Action: string): void {
  const agent = role({ name: "agent", arn, path: "/", inlinePolicies: may(Action) });
  const finishedAt = Date.parse(at);
  work.write("iam.json", JSON.stringify({
    ...emptySnapshot(finishedAt), finishedAt,
    accounts: [accountWith({ roles: [agent], users: [user()] })],
  }));
}

const audit = (...args: readonly string[]) =>
  work.run(["audit", "--from-snapshot", "iam.json", "--fail-on", "never", ...args]);

beforeAll(async () => {
  configured();
  snapshot("2026-06-30", "iam:PassRole");
  work.trail("one.json", [record({ userAgent: agentUserAgent })]);
  await work.run(["scan", "one.json", "--store", "h.db", "-q"]);
});

describe("audit --out", () => {
  it("writes every format for its owner alone, with a manifest that proves them", async () => {
    execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", work.path("key.pem")]);
    execFileSync("openssl", [
      "pkey", "-in", work.path("key.pem"), "-pubout", "-out", work.path("pub.pem"),
    ]);
    configured({ signingKeyFile: "key.pem" });
    expect((await audit("--out", "reports")).code).toBe(0);
    expect(readdirSync(work.path("reports")).sort()).toEqual([
      "audit.csv", "audit.html", "audit.json", "audit.md", "audit.ocsf.jsonl", "audit.sarif",
      "become.mmd", "inputs.json", "inventory.csv", "inventory.json", "manifest.json",
      "snapshot.json",
    ]);
    expect(statSync(work.path("reports/snapshot.json")).mode & 0o777).toBe(0o600);
    const verify = (...args: readonly string[]) =>
      work.run(["audit", "verify", "reports/manifest.json", ...args]);
    expect(await verify("--public-key", "pub.pem")).toMatchObject({
      code: 0, stdout: expect.stringMatching(
        /^All 11 files are those of the audit of 2026-06-30T00:00:00.000Z, signed by SHA256:/,
      ) as unknown,
    });
    appendFileSync(work.path("reports/audit.html"), " ");
    const changed = await verify("--public-key", "pub.pem");
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/^audit\.html has \d+ bytes, not \d+\.\n$/);
    expect((await verify("--public-key", "iam.json")).code).toBe(2);
    expect((await work.run(["audit", "verify", "reports/audit.json"])).code).toBe(2);
    configured();
  });

  it("tells SARIF and OCSF what failed", () => {
    const sarif = JSON.parse(readFileSync(work.path("reports/audit.sarif"), "utf8")) as {
      readonly runs: readonly { readonly results: readonly { readonly ruleId: string }[] }[];
    };
    const failed = sarif.runs[0]?.results.find(({ ruleId }) => ruleId === "pass-role-anything");
    expect(failed).toMatchObject({
      level: "error", locations: [{ logicalLocations: [{ fullyQualifiedName: arn }] }],
    });
    const findings = readFileSync(work.path("reports/audit.ocsf.jsonl"), "utf8").trim().split("\n")
      .map((line) => JSON.parse(line) as { readonly metadata: { readonly event_code: string } });
    expect(findings.find(({ metadata }) => metadata.event_code === "pass-role-anything"))
      .toMatchObject({
        class_uid: 2003, type_uid: 200301, severity: "High", time: Date.UTC(2026, 5, 30),
        compliance: { control: "pass-role-anything", status: "Fail", status_id: 3 },
        resources: [{ uid: arn, type: "AWS::IAM::Role" }],
      });
  });

  it("refuses a key that is none, before anything is asked", async () => {
    configured({ signingKeyFile: "iam.json" });
    const { code, stderr } = await audit("--out", "others");
    expect(code).toBe(2);
    expect(stderr).toContain("audit.signingKeyFile is iam.json: expected a PEM file");
    configured();
  });
});

describe("audit --record", () => {
  it("says what is new and what is fixed since the run before, and who accepted what", async () => {
    const run = (...args: readonly string[]) => audit("--store", "h.db", ...args);
    const first = await run("--record");
    expect(first.stdout).toContain(`high  pass-role-anything  ${arn}\n`);
    snapshot("2026-07-07", "iam:PutRolePolicy");
    const second = await run("--record");
    expect(second.stdout).toContain(`high  new  edits-itself  ${arn}\n`);
    expect(second.stdout).toContain(`medium  since 2026-06-30  trust-unattributable  ${arn}\n`);
    expect(second.stdout).toContain(
      `fixed  pass-role-anything  ${arn}  it failed since 2026-06-30\n`);
    expect(second.stderr).toMatch(/Since the run of 2026-06-30: \d+ new, 1 fixed\.\n$/);
    configured({ accepted: [
      { check: "edits-itself", subject: "*", reason: "The vendor's.", until: "2026-07-31" },
    ] });
    const third = await run("--format", "json");
    const { results } = JSON.parse(third.stdout) as {
      readonly results: readonly { readonly check: string; readonly accepted: unknown }[];
    };
    expect(results.find(({ check }) => check === "edits-itself")).toMatchObject({
      result: "fail", change: null, since: "2026-07-07T00:00:00.000Z",
      accepted: { reason: "The vendor's.", until: "2026-07-31" },
    });
    expect((await run("--fail-on", "high")).code).toBe(0);
    const found = await work.run(["findings", "--store", "h.db", "--rule", "edits-itself"]);
    expect(found.stdout).toContain("edits-itself");
  });

  it("takes no acceptance of a check that is none", async () => {
    const accepted = { check: "edit-itself", subject: "*", reason: "x", until: "2026-07-31" };
    configured({ accepted: [accepted] });
    const { code, stderr } = await audit();
    expect(stderr).toContain("Did you mean edits-itself?");
    expect(code).toBe(2);
    configured();
  });

  it("is for whole runs only", async () => {
    const { code, stderr } = await audit("--record", "--check", "key-old");
    expect(stderr).toContain("cannot be used with");
    expect(code).toBe(2);
  });
});
