import type { AgentIdentity } from "../../src/audit/inventory.ts";
import type { Result } from "../../src/audit/result.ts";
import type { WholeRun } from "../../src/audit/run.ts";

const noon = Date.UTC(2026, 2, 1, 12);

export function madeFailure(check: string, changes: Partial<Result> = {}): Result {
  return {
    result: "fail", check, title: `Title of ${check}`, level: "high", account: "111122223333",
    subject: "arn:aws:iam::111122223333:role/a", because: "It is so.", evidence: { days: 3 },
    remedy: { kind: "cli", text: "aws iam x" }, change: "new", since: noon, accepted: null,
    ...changes,
  };
}

export function madeIdentity(changes: Partial<AgentIdentity> = {}): AgentIdentity {
  return {
    kind: "role", account: "111122223333", subject: "arn:aws:iam::111122223333:role/a",
    agents: ["aider"], found: [{ by: "seen", what: "aider" }], owner: null, mode: "readonly",
    lastSessionAt: noon, lastUsedAt: null,
    reach: { accounts: ["111122223333"], roleCount: 0, chains: [], isCut: false },
    permissions: { grantedCount: 3, usedCount: 1 }, services: null, ...changes,
  };
}

export function madeRun(changes: Partial<WholeRun> = {}): WholeRun {
  return {
    failures: [], identities: [], ...changes,
    run: {
      startedAt: noon, at: noon + 1000, seconds: 2.5, accountIds: ["111122223333"],
      checks: [{ check: "key-old", level: "medium", pass: 3, fail: 2, unknown: 1, open: 1 }],
      changes: { new: 1, fixed: 0, accepted: 1 },
      identities: [{ kind: "role", mode: "readonly", count: 4 }],
      unread: [], ...changes.run,
    },
  };
}
