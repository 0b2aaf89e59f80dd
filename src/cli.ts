import type { Command } from "commander";
import { addAuditCommand } from "./commands/audit.ts";
import { addBaselinesCommand } from "./commands/baselines.ts";
import { addBackfillCommand } from "./commands/backfill.ts";
import { addConfigCommand } from "./commands/config.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addExplainCommand } from "./commands/explain.ts";
import { addFindingsCommand } from "./commands/findings.ts";
import { addCredentialsCommand } from "./commands/credentials.ts";
import { addInventoryCommand } from "./commands/inventory.ts";
import { addNotifyCommand } from "./commands/notify.ts";
import { emptyProgram } from "./commands/program.ts";
import { addRunCommand } from "./commands/run.ts";
import { addRulesCommand } from "./commands/rules.ts";
import { addReportCommand } from "./commands/report.ts";
import { addResponseCommand } from "./commands/response.ts";
import { addRevocationsCommand } from "./commands/revocations.ts";
import { addRevokeCommand } from "./commands/revoke.ts";
import { addScanCommand } from "./commands/scan.ts";
import { addSessionsCommand } from "./commands/sessions.ts";
import { addSimulateCommand } from "./commands/simulate-command.ts";
import { addStoreCommand } from "./commands/store.ts";
import { addTaskCommand } from "./commands/task.ts";
import { addWatchCommand } from "./commands/watch.ts";
import { addTokenCommand } from "./commands/token.ts";
import { addVerifyTrailCommand } from "./commands/verify-trail.ts";

/** The whole command line. Each verb lives in one file under `commands/`. */
export function commandLine(): Command {
  const program = emptyProgram().addHelpText("after", examples);
  addScanCommand(program);
  addWatchCommand(program);
  addBackfillCommand(program);
  addVerifyTrailCommand(program);
  addAuditCommand(program);
  addInventoryCommand(program);
  addSessionsCommand(program);
  addFindingsCommand(program);
  addBaselinesCommand(program);
  addExplainCommand(program);
  addRulesCommand(program);
  addSimulateCommand(program);
  addStoreCommand(program);
  addConfigCommand(program);
  addTokenCommand(program);
  addRunCommand(program);
  addCredentialsCommand(program);
  addTaskCommand(program);
  addRevokeCommand(program);
  addRevocationsCommand(program);
  addResponseCommand(program);
  addNotifyCommand(program);
  addReportCommand(program);
  addDemoCommand(program);
  return program;
}

const examples = `
Start here:
  trailwarden scan ./AWSLogs                          what is wrong in these CloudTrail files
  trailwarden scan ./AWSLogs --store trail.db         keep what was read, then look closer:
  trailwarden findings --store trail.db
  trailwarden explain <event-id> --store trail.db     every step behind one event's judgement
  trailwarden simulate --out ./drill --days 7         believable traffic with planted incidents

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or config, 3 input partly
unreadable.`;
