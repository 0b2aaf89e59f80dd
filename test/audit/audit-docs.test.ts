import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agentChecks, roleChecks, seenRoleChecks, userChecks } from "../../src/audit/checks.ts";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "docs/audit.md"), "utf8");

describe("docs/audit.md", () => {
  it("tells every check, its level, whom it is about, whether the store answers it", () => {
    const rows = [...text.matchAll(/^\| `([\w-]+)` \| (\w+) \| (\w+) \| (yes|no) \| .{20,} \|$/gm)];
    const told = rows.map(([, ...cells]) => cells.join(" "));
    const line = (of: string, isOfHistory: boolean) =>
      ({ name, level }: { readonly name: string; readonly level: string }) =>
        `${name} ${level} ${of} ${isOfHistory ? "yes" : "no"}`;
    expect(told.sort()).toEqual([
      ...roleChecks.map(line("roles", false)), ...seenRoleChecks.map(line("roles", true)),
      ...userChecks.map(line("users", false)), ...agentChecks.map(line("agents", true)),
    ].sort());
  });

  it("tells of every action of the policy, and of no other", () => {
    const policy = readFileSync(join(root, "infra/audit-policy.json"), "utf8");
    const actions = (from: string, mark: string) =>
      new Set([...from.matchAll(new RegExp(`${mark}((?:iam|sts):\\w+)${mark}`, "g"))]
        .map(([, action]) => action));
    expect(actions(text, "`")).toEqual(actions(policy, '"'));
  });
});
