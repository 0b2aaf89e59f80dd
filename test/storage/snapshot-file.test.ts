import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptySnapshot } from "../../src/audit/snapshot.ts";
import { keepSnapshot, snapshotIn } from "../../src/storage/snapshot-file.ts";
import { Asked, populate } from "../audit/asked-account.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trailwarden-snapshot-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const account = {
  id: "111122223333", partition: "aws", isManagement: null, identities: { known: true },
};

describe("a snapshot's file", () => {
  it("gives back what was kept, to its owner alone", async () => {
    const asked = new Asked();
    await asked.place.open();
    populate(asked.place.own);
    asked.place.own.denied.add("iam:GetAccountSummary");
    const snapshot = await asked.collected();
    await asked.place.close();
    const path = join(folder, "audit.json");
    await keepSnapshot(path, emptySnapshot(0));
    await keepSnapshot(path, snapshot);
    expect(await snapshotIn(path)).toEqual(snapshot);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["audit.json"]);
  });

  it("that is not there is null", async () => {
    expect(await snapshotIn(join(folder, "absent.json"))).toBeNull();
  });

  it.each<[string, string, string]>([
    ["cut off", '{"format":', "It is no JSON object."],
    ["a list", "[]", "It is no JSON object."],
    ["of another kind", '{"format":"other-9"}',
      "It is not of the format trailwarden-identities-1."],
    ["of an account that is none", JSON.stringify({ ...emptySnapshot(0), accounts: [
      { ...account, id: "12" },
    ] }), "At accounts.0.id: an account id."],
    ["that says to know what it does not tell", JSON.stringify({
      ...emptySnapshot(0), accounts: [account],
    }), "At accounts.0.identities.at: Invalid input: expected number, received undefined."],
  ])("that is %s is told in a sentence", async (_what, text, expected) => {
    const path = join(folder, "wrong.json");
    writeFileSync(path, text);
    expect(await snapshotIn(path)).toBe(expected);
  });
});
