import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AskedView, RevocationView } from "../../src/response/contract.ts";
import { ownAccount } from "../aws/sts-service.ts";
import { key, RevokePlace } from "./revoked.ts";

const store = ["--store", "trail.db"];
const json = ["-f", "json"];
let place: RevokePlace;

beforeAll(async () => {
  place = await RevokePlace.open();
  place.work.trail("one.json", [place.call(-30)]);
  place.configure({});
  await place.run("scan", "one.json", ...store);
});
afterAll(() => place.close());

const untouched = { isDenied: false, policyCount: 0 };
const revoke = (...args: string[]) => place.run("revoke", ...args, ...store);
const told = ({ stdout }: { readonly stdout: string }): unknown => JSON.parse(stdout);
const revocations = (...args: string[]) => place.run("revocations", ...args, ...store);

/** Asks for the session; its id. */
async function asked(): Promise<string> {
  const { revocation } = told(await revoke(key, "-r", "leaked", "--yes", ...json)) as
    AskedView;
  return revocation?.id ?? "nothing was asked for";
}

describe("trailwarden revoke, at defaults", () => {
  it("changes nothing, and shows exactly what would be", async () => {
    const { code, stdout, stderr } = await revoke(key, "--yes", "--reason", "leaked");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const text of [
      "Role arn:aws:iam::111122223333:role/agents/aider-ro: the inline policy Trailwarden",
      "denies everything to user-id AROA", '"Effect": "Deny"', "Hits 1 session", "meant  AROA",
      "aider", "sts:GetCallerIdentity still answers", "Undoing takes its entries out of",
      "response.enabled is false: nothing is changed in any account.",
    ]) expect(stdout).toContain(text);
    expect(await place.standing()).toEqual(untouched);
    expect(told(await revocations("list", ...json))).toEqual([]);
  });

  it("plans from records alone where AWS cannot be asked, and says so", async () => {
    const { code, stdout } = await place.work.run(["revoke", "aider", ...store], {
      env: { AWS_EC2_METADATA_DISABLED: "true" },
    });
    expect(code).toBe(0);
    expect(stdout).toContain("AWS was not asked what stands there: ");
    expect(stdout).toContain("it may not fit");
  });

  it.each([
    ["nobody", "nothing-live  agent nobody"],
    ["arn:aws:iam::111122223333:role/nobodys", "role-unknown"],
  ])("exits with 1 for %s, and says why", async (what, expected) => {
    const { code, stdout } = await revoke(what);
    expect(code).toBe(1);
    expect(stdout).toContain(expected);
  });
});

describe("trailwarden revoke, enabled", () => {
  beforeAll(() => {
    place.configure({ enabled: true });
  });

  it("changes nothing in a dry run, nor without a yes, and wants to know why", async () => {
    for (const args of [[], ["--yes", "--dry-run", "--reason", "x"]]) {
      const { code, stdout } = await revoke(key, ...args);
      expect(code).toBe(0);
      expect(stdout).toContain("This is a dry run: nothing is changed.");
    }
    expect(await revoke(key, "--yes")).toMatchObject({
      code: 2, stderr: "Say why, with --reason.\n",
    });
    expect(await place.standing()).toEqual(untouched);
    expect(told(await revocations("list", ...json))).toEqual([]);
  });

  it("denies the session, and undone lets it go again", async () => {
    const id = await asked();
    expect(told(await revocations("show", id, ...json))).toMatchObject({ state: "applied" });
    expect(await place.standing()).toEqual({ isDenied: true, policyCount: 1 });
    const { stdout } = await revocations("list", "--open");
    expect(stdout).toContain(`${id}  applied  credential ${key}`);
    expect(await revocations("undo", id, "--reason", "a mistake")).toMatchObject({ code: 0 });
    expect(await place.standing()).toEqual(untouched);
    expect(told(await revocations("show", id, ...json))).toMatchObject({
      state: "undone", undone: { reason: "a mistake" },
    });
    expect(await revocations("undo", id, "-r", "again")).toMatchObject({
      code: 2, stderr: `Revocation ${id}: It is over: there is nothing to undo.\n`,
    });
  });

  it("does nothing while responses are paused, and goes on when they are not", async () => {
    const { stdout } = await place.run("response", "pause", "-r", "hands off", ...store);
    expect(stdout).toContain(": hands off");
    const id = await asked();
    expect(await place.standing()).toEqual(untouched);
    const status = await place.run("response", "status", ...store);
    expect(status.stdout).toMatch(new RegExp(`${id} waits \\(resume\\): .* hands off`));
    await place.run("response", "resume", ...store);
    expect(await place.standing()).toEqual({ isDenied: true, policyCount: 1 });
    await revocations("undo", id, "-r", "done");
    expect(await place.standing()).toEqual(untouched);
  });

  it("waits for another person where the config asks for one", async () => {
    place.configure({ enabled: true, approvals: [{ people: 2 }] });
    const id = await asked();
    const { version, state, isAwaited } =
      told(await revocations("show", id, ...json)) as RevocationView;
    expect({ state, isAwaited }).toEqual({ state: "requested", isAwaited: true });
    const { code, stderr } = await revocations("approve", id, version);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `Revocation ${id}: You have asked for it, or said yes already. Another person has ` +
        "to.\n",
    });
    expect(await revocations("decline", id, "-r", "no")).toMatchObject({ code: 0 });
    expect(await place.standing()).toEqual(untouched);
  });

  it("says what AWS forbids, and what there is not", async () => {
    place.configure({ enabled: true, accounts: [{
      id: ownAccount, assumeRole: { roleArn: `arn:aws:iam::${ownAccount}:role/nobodys` },
    }] });
    const { code, stderr } = await revoke(key, "--yes", "-r", "leaked");
    expect(code).toBe(2);
    expect(stderr).toContain("Cannot assume arn:aws:iam::111122223333:role/nobodys");
    expect(await revocations("show", "nope")).toMatchObject({
      code: 2,
      stderr: "There is no revocation nope. List them with: trailwarden revocations list\n",
    });
  });
});
