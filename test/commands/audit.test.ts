import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readSnapshot } from "../../src/audit/snapshot.ts";
import { populate } from "../audit/asked-account.ts";
import type { IamAccount } from "../servers/iam/account.ts";
import { IamPlace, policy } from "../servers/iam/iam-place.ts";
import { ended, Workplace, type Outcome } from "./program.ts";

const work = new Workplace();
const aws = new IamPlace();
let account: IamAccount;
let id: string;
beforeAll(() => aws.open());
afterAll(async () => {
  await aws.close();
  work.remove();
});

beforeEach(() => {
  // Whatever the real clock says, this is long ago.
  aws.at = Date.UTC(2020, 0, 1);
  account = aws.fresh();
  id = account.state.id;
  populate(account);
  account.act("PutRolePolicy", {
    RoleName: "idle", PolicyName: "pass", PolicyDocument: policy({
      Action: "iam:PassRole", Resource: "*",
    }),
  });
  configured();
});

function configured(more: object = {}): void {
  work.write("trailwarden.yaml", JSON.stringify({ aws: aws.aws, ...more }));
}

const env = { AWS_ACCESS_KEY_ID: "AKIAOURSELVES0000001", AWS_SECRET_ACCESS_KEY: "secret" };

function audit(...args: readonly string[]): Promise<Outcome> {
  return work.run(["audit", ...args], { env });
}

interface Result {
  readonly result: string;
  readonly check: string;
  readonly subject: string | null;
  readonly because: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly remedy: { readonly kind: string; readonly text: string } | null;
}

function resultsIn({ stdout }: Outcome): readonly Result[] {
  return (JSON.parse(stdout) as { readonly results: readonly Result[] }).results;
}

const of = (results: readonly Result[], check: string, end: string): Result | undefined =>
  results.find((one) => one.check === check && one.subject?.endsWith(end) === true);

describe("audit", () => {
  it("asks IAM page by page, as often as it takes, and judges", async () => {
    account.pageSize = 1;
    account.throttleCount = 3;
    const { code, stdout, stderr } = await audit();
    expect(stderr).toContain("It is tried again.");
    expect(stderr).toContain("Audited 1 account in ");
    expect(stderr).toContain("with no history: there is no store.");
    expect(stderr).toMatch(/Failed: \d+ high, \d+ medium.*; unknown: \d+; passed: \d+\.\n$/);
    expect(stdout).toContain(`high  pass-role-anything  arn:aws:iam::${id}:role/idle\n`);
    expect(stdout).toContain("  To mend it, ");
    expect(stdout).toContain("high  password-without-mfa  " +
      `arn:aws:iam::${id}:user/ann,lee\n  It has a console password, and no second factor.\n`);
    expect(stdout).toContain(
      "  To mend it, run:\n    aws iam delete-login-profile --user-name ann,lee\n");
    expect(stdout).toMatch(/unknown {2}\d+ {2}2 subjects\n {2}Nothing is known of its calls: /);
    expect(code).toBe(1);
  });

  it("goes on where a permission is missing, and says which", async () => {
    account.denied.add("iam:ListAccessKeys");
    const outcome = await audit("-f", "json", "--fail-on", "never");
    const results = resultsIn(outcome);
    const bot = of(results, "key-old", "user/bot");
    expect(bot).toMatchObject({
      result: "unknown", evidence: { action: "iam:ListAccessKeys" }, remedy: null,
    });
    expect(bot?.because).toContain("may not do iam:ListAccessKeys");
    expect(of(results, "password-without-mfa", "ann,lee")?.result).toBe("fail");
    expect(of(results, "pass-role-anything", "role/idle")?.result).toBe("fail");
    expect(outcome.stderr).toContain(`Account ${id}, iam:ListAccessKeys: `);
    expect(outcome.code).toBe(3);
    expect((await audit("--fail-on", "high")).code).toBe(1);
  });

  it("says nothing but unknown of an account that may not be read, with 3", async () => {
    account.denied.add("iam:GetAccountAuthorizationDetails");
    const outcome = await audit("-f", "json");
    expect(new Set(resultsIn(outcome).map(({ result }) => result))).toEqual(new Set(["unknown"]));
    expect(outcome.code).toBe(3);
  });

  it("of an account that is none of ours ends with 2", async () => {
    const { code, stderr } = await audit("--account", "1");
    expect(code).toBe(2);
    expect(stderr).toContain(`The config knows no account 1, but ${id}.`);
  });

  it("reads the config's accounts by their roles, and says which it may not enter", async () => {
    const roleArn = "arn:aws:iam::444455556666:role/audit";
    const other = { id: "444455556666", assumeRole: { roleArn } };
    configured({ audit: { accounts: [{ id }, other] } });
    const outcome = await audit("-f", "json", "--check", "key-old");
    expect(outcome.stderr).toContain("Account 444455556666, sts:AssumeRole: ");
    expect(resultsIn(outcome).map(({ result, subject }) => [result, subject])).toEqual([
      ["fail", `arn:aws:iam::${id}:user/bot`],
      ["unknown", null],
      ["pass", `arn:aws:iam::${id}:user/ann,lee`],
    ]);
    const others = ["--check", "key-old", "--fail-on", "high", "-f", "json"];
    expect((await audit(...others)).code).toBe(3);
    const alone = await audit(...others, "--account", id);
    expect({ code: alone.code, count: resultsIn(alone).length }).toEqual({ code: 0, count: 2 });
  });

  it("takes its limits from the config", async () => {
    configured({ audit: { keyAgeDays: 1 } });
    const found = of(resultsIn(await audit("-f", "json")), "key-old", "user/bot");
    expect(found?.because).toMatch(/ago; 1 are the limit\.$/);
  });
});

describe("a snapshot", () => {
  it("is kept for its owner alone, and judged without AWS as of when it was made", async () => {
    const first = await audit("--save-snapshot", "iam.json", "-f", "json");
    expect(first.code).toBe(1);
    expect(statSync(work.path("iam.json")).mode & 0o777).toBe(0o600);
    const calls = account.calls.length;
    const again = await audit("--from-snapshot", "iam.json", "-f", "json");
    expect(account.calls).toHaveLength(calls);
    expect(again.code).toBe(1);
    const verdicts = (outcome: Outcome) =>
      resultsIn(outcome).map(({ result, check, subject }) => [result, check, subject]);
    expect(verdicts(again)).toEqual(verdicts(first));
  });

  it("of a run that was stopped is gone on with", async () => {
    rmSync(work.path("half.json"), { force: true });
    const child = work.start(["audit", "--save-snapshot", "half.json"], { env });
    account.before = ({ action }) => {
      if (action === "GetCredentialReport") child.kill("SIGINT");
    };
    const stopped = await ended(child);
    expect(stopped.stderr).toContain("Stopped. What was read is in half.json");
    expect({ code: stopped.code, stdout: stopped.stdout }).toEqual({ code: 130, stdout: "" });
    const half = readSnapshot(readFileSync(work.path("half.json"), "utf8"));
    expect(half).toMatchObject({ finishedAt: null });
    account.before = null;
    const unfinished = await audit("--from-snapshot", "half.json", "--fail-on", "never");
    expect(unfinished.stderr).toContain("half.json is not finished: what it does not tell");
    const details = account.count("GetAccountAuthorizationDetails");
    const whole = await audit("--save-snapshot", "half.json", "-f", "json");
    expect(whole.stderr).toContain("Goes on with what half.json holds.");
    expect(account.count("GetAccountAuthorizationDetails")).toBe(details);
    expect(of(resultsIn(whole), "key-old", "user/bot")?.result).toBe("fail");
  });

  it.each<[string, readonly string[], string]>([
    ["that is not there", ["--from-snapshot", "no.json"], "There is no snapshot at no.json."],
    ["that is none", ["--from-snapshot", "trailwarden.yaml"],
      "trailwarden.yaml holds no snapshot. It is not of the format"],
    ["over a file that is none", ["--save-snapshot", "trailwarden.yaml"],
      "trailwarden.yaml holds no snapshot."],
    ["and --history-only", ["--from-snapshot", "x", "--history-only"], "cannot be used with"],
    ["without its store", ["--store", "no.db"], "There is no store at no.db."],
    ["with a check that is none", ["--check", "key-olt"],
      "There is no check key-olt. Did you mean key-old?"],
  ])("%s is a matter of usage", async (_what, args, message) => {
    const { code, stdout, stderr } = await audit(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(existsSync(work.path("no.json"))).toBe(false);
  });
});
