import { describe, expect } from "vitest";
import { madeFailure, madeIdentity, madeRun } from "../audit/made-run.ts";
import type { OpenEmpty } from "./contract.ts";
import { testsWith } from "./with-store.ts";

const all = { limit: 99, after: null };

/** What a store keeps of audits. */
export function auditContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: audits`, () => {
    stored("are none before the first", async (store) => {
      expect(await store.auditRuns(all)).toEqual([]);
      expect(await store.auditFailures({}, all)).toEqual([]);
      expect(await store.agentIdentities(null, all)).toEqual([]);
    });

    stored("are kept in short, the latest first, by pages", async (store) => {
      const runs = [madeRun(), madeRun({ run: { ...madeRun().run, seconds: 9 } })];
      const ids: number[] = [];
      for (const run of runs) ids.push(await store.keepAudit(run));
      expect(await store.auditRuns(all)).toEqual([
        { id: ids[1], ...runs[1]?.run }, { id: ids[0], ...runs[0]?.run },
      ]);
      expect(await store.auditRuns({ limit: 1, after: ids[1] ?? 0 })).toMatchObject([
        { id: ids[0] },
      ]);
    });

    stored("give what failed in the latest, in its order, as it was", async (store) => {
      await store.keepAudit(madeRun({ failures: [madeFailure("old")] }));
      const failures = [
        madeFailure("b", { subject: "\0\ud800\\" }), madeFailure("a", { level: "low" }),
        madeFailure("b", { level: "medium", accepted: { reason: "x", until: "2026-12-31" } }),
      ];
      await store.keepAudit(madeRun({ failures }));
      const items = async (...[filter, slice]: Parameters<typeof store.auditFailures>) =>
        (await store.auditFailures(filter, slice)).map(({ item }) => item);
      expect(await items({}, all)).toEqual(failures);
      expect(await items({ check: "b" }, all)).toEqual([failures[0], failures[2]]);
      expect(await items({ minLevel: "medium" }, all)).toEqual([failures[0], failures[2]]);
      const [first] = await store.auditFailures({}, { limit: 1, after: null });
      expect(await items({}, { limit: 1, after: first?.place ?? 0 })).toEqual([failures[1]]);
    });

    stored("give who agents were in the latest, by kind", async (store) => {
      const identities = [madeIdentity(), madeIdentity({ kind: "user", subject: "u" })];
      await store.keepAudit(madeRun({ identities: [madeIdentity({ subject: "gone" })] }));
      await store.keepAudit(madeRun({ identities }));
      const items = async (kind: "user" | null) =>
        (await store.agentIdentities(kind, all)).map(({ item }) => item);
      expect(await items(null)).toEqual(identities);
      expect(await items("user")).toEqual([identities[1]]);
    });
  });
}
