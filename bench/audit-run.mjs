// One audit of a snapshot in a process of its own, as the command does it, and what it took.
import "./heap.mjs";
import console from "node:console";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import process from "node:process";

const { History } = await import("../dist/audit/history.js");
const { readSnapshot } = await import("../dist/audit/snapshot.js");
const { auditTexts } = await import("../dist/commands/output/print-audit.js");
const { emptyConfig } = await import("../dist/config/schema.js");
const { judgeAudit } = await import("../dist/judge-audit.js");

const startedAt = performance.now();
const { accounts, finishedAt: at } = readSnapshot(readFileSync(process.argv[2], "utf8"));
const report = await judgeAudit({
  accounts, at, config: emptyConfig, history: historyOf(accounts), only: [], before: null,
});
let bytes = 0;
for (const format of ["json", "csv", "html"]) {
  for (const text of auditTexts(report, format)) bytes += text.length;
}
console.log(JSON.stringify({
  seconds: (performance.now() - startedAt) / 1000,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  verdicts: report.judgements.length,
  identities: report.inventory.identities.length,
  bytes,
}));

/** Every role was seen to make a few calls, over two months. */
function historyOf([{ id, identities }]) {
  const history = new History(emptyConfig, true);
  const actions = ["s3:GetObject", "ec2:DescribeInstances", "sqs:ListQueues", "kms:ListKeys"];
  for (const [i, role] of identities.value.roles.entries()) {
    for (const [n, action] of actions.entries()) {
      history.noteEvent({
        account: id, at: at - (n % 2) * 60 * 86_400_000, type: "AwsApiCall", action,
        category: "Management", service: action.slice(0, action.indexOf(":")),
        principal: { kind: "role-session", account: id, arn: null, role: { arn: role.arn } },
        result: { outcome: (i + n) % 7 === 0 ? "denied" : "allowed" },
      });
    }
  }
  return history;
}
