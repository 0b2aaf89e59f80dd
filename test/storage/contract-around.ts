import { describe, expect } from "vitest";
import { at } from "../builders/event.ts";
import { roleIdOf, roleSession } from "../builders/role-session.ts";
import type { OpenEmpty } from "./contract.ts";
import { keepSession, testsWith } from "./with-store.ts";

/** `meant`, those assumed from it, who has a role or user in common; and who has nothing. */
export function aroundContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  const signIn = "arn:aws:signin:eu-west-1:111111111111:session/1";
  const meant = roleSession("ro", "meant", { agent: "aider", sourceIdentity: "alice" });
  const child = roleSession("worker", "child", { from: meant, issued: 60 });
  const grandchild = roleSession("deep", "grandchild", { from: child, issued: 90 });
  const user = (id: string) => roleSession("x", id, {
    id, groupKey: id, kind: "iam-user", role: null, principalId: "AIDAX", agent: "tool",
    issuance: null,
  });
  const all = [
    meant, child, grandchild, user("user-1"), user("user-2"),
    roleSession("ro", "beside"), roleSession("worker", "beside"), roleSession("other", "alone"),
    roleSession("ro", "long ago", { lastAt: at(-1), firstAt: at(-1) }),
    roleSession("signed", "in", { id: `sis:${signIn}`, anchor: "sign-in-session" }),
  ];
  const chain = ["meant", "child", "grandchild", "beside", "beside"];

  describe(`${name}: sessions around a target`, () => {
    const key = meant.credentials[0]?.accessKeyId ?? "";
    for (const [kind, target, expected] of [
      ["session", { kind: "session", id: meant.id }, chain],
      ["credential", { kind: "credential", accessKeyId: key }, chain],
      ["agent", { kind: "agent", name: "aider" }, chain],
      ["role", { kind: "role", arn: "arn:aws:iam::111111111111:role/ro" }, chain],
      ["user", { kind: "agent", name: "tool" }, ["user-1", "user-2"]],
      ["sign-in session", { kind: "sign-in-session", arn: signIn }, ["in"]],
      ["session that is none", { kind: "session", id: "none" }, []],
    ] as const) {
      stored(`are those of the ${kind}, their descendants and whom these stand beside`, async (
        store,
      ) => {
        for (const session of all) await keepSession(store, session);
        const found = await store.sessionsAround(target, at(0));
        expect(found.map((one) => one.name).toSorted()).toEqual([...expected].sort());
      });
    }

    stored("are all of late, for a source identity", async (store) => {
      for (const session of all) await keepSession(store, session);
      const found = await store.sessionsAround({ kind: "source-identity", value: "alice" }, at(0));
      expect(found).toHaveLength(all.length - 1);
      const ofRole = await store.sessionsOfRoles([roleIdOf("ro")], at(0));
      expect(ofRole.map((one) => one.name).toSorted()).toEqual(["beside", "meant"]);
    });
  });
}
