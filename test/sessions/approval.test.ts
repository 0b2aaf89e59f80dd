import { describe, expect, it } from "vitest";
import {
  approvalState, judgeDecision, type Approval, type ApprovalDecision,
} from "../../src/sessions/approval.ts";
import { after } from "../builders/task.ts";

const asked: Approval = {
  taskId: "t", reason: "release", askedBy: "token:ci", askedAt: after(0), expiresAt: after(900),
  decision: null,
};
const yes: ApprovalDecision = { decision: "granted", comment: null, by: "token:bob", at: after(9) };

describe("an approval", () => {
  it.each<[string, ApprovalDecision | null, number, string]>([
    ["waits", null, 899, "pending"],
    ["runs out", null, 900, "expired"],
    ["stays granted", yes, 901, "granted"],
    ["stays denied", { ...yes, decision: "denied" }, 901, "denied"],
  ])("%s", (_what, ...[decision, seconds, state]) => {
    expect(approvalState({ ...asked, decision }, after(seconds))).toBe(state);
  });

  it.each<[string, ApprovalDecision | null, Partial<ApprovalDecision>, string]>([
    ["another person's counts", null, {}, "decided"],
    ["that of who asked does not", null, { by: "token:ci" }, "own"],
    ["that of whom it is for does not", null, { by: "token:alice" }, "own"],
    ["nor from elsewhere", null, { by: "cli:Alice" }, "own"],
    ["a late one does not", null, { at: after(900) }, "expired"],
    ["said again it is the same", yes, { by: "token:eve", at: after(999) }, "same"],
    ["it is not taken back", yes, { decision: "denied" }, "decided-otherwise"],
  ])("%s", (_what, ...[decision, changes, decided]) => {
    expect(judgeDecision({ ...asked, decision }, { actor: "alice" }, { ...yes, ...changes }))
      .toBe(decided);
  });

  it("of a task for nobody is decided by anybody but who asked", () => {
    expect(judgeDecision(asked, { actor: null }, yes)).toBe("decided");
  });
});
