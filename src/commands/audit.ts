import { Option, type Command } from "commander";
import { addLookingOptions, type LookingOptions } from "./audit-options.ts";
import { addAuditVerifyCommand } from "./audit-verify.ts";
import { failOnChoices, type FailOn } from "./exit-codes.ts";
import { collect, paragraph } from "./options.ts";
import { auditFormats, type AuditFormat } from "./output/print-audit.ts";

export interface AuditOptions extends LookingOptions {
  readonly check: readonly string[];
  readonly format: AuditFormat;
  readonly failOn: FailOn;
  readonly record?: true;
  /** A folder for reports of every format. */
  readonly out?: string;
}

const description = paragraph(`
Says what is wrong with the roles and users that agents have, or could take: asks IAM who there is
and what they may do, holds it against what the store has seen them do, and says of each failure
why, how to mend it, and whether it is new since the last run that was recorded. What cannot be
known is unknown, and says what would tell it. Changes nothing in AWS.`);

const examples = `
Examples:
  trailwarden audit                                   this account, and trailwarden.db if it is here
  trailwarden audit --store trail.db --format markdown > audit.md
  trailwarden audit --save-snapshot iam.json          goes on from there when it broke off
  trailwarden audit --from-snapshot iam.json --check trust-too-wide --check key-old
  trailwarden audit --history-only --store trail.db   without AWS
  trailwarden audit --out reports                     audit.html and others, signed
  trailwarden audit --store trail.db --record         and what is new since the last such run

Accounts are those of audit.accounts in the config. What IAM has to allow stands in
infra/audit-policy.json, what the checks say in docs/audit.md.

Exit codes: 0 nothing at or above --fail-on, 1 a check failed, 2 usage, config, or AWS did not let
us at all, 3 no check failed, but not all could be read.`;

export function addAuditCommand(program: Command): void {
  const audit = addLookingOptions(program
    .command("audit")
    .summary("say what is wrong with the roles and users of agents")
    .description(description)
    .addOption(new Option("--check <name>", "only this check (repeatable)")
      .argParser(collect).default([], "all"))
    .option("--out <folder>", "write reports of every format there too, with a manifest")
    .addOption(new Option("--record",
      "keep this run in the store: the next is compared with it, and receivers are told")
      .conflicts(["check", "account"]))
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices(auditFormats).default("table"))
    .addOption(new Option("--fail-on <level>", "exit with 1 from this level on")
      .choices([...failOnChoices]).default("medium")))
    .addHelpText("after", examples)
    .action(async (options: AuditOptions) => {
      // AWS's clients are loaded for who needs them.
      const { runAudit } = await import("./audit-run.ts");
      process.exitCode = await runAudit(options);
    });
  addAuditVerifyCommand(audit);
}
