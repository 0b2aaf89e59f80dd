import type { Command } from "commander";
import type { Saying } from "../response/decide.ts";
import { UsageError } from "../usage-error.ts";
import { countIn, instantIn, paragraph } from "./options.ts";
import { revocationsText, revocationText } from "./output/print-revocations.ts";
import { atDesk, revocationVerb, type RevocationOptions } from "./revocation-verb.ts";

const description = paragraph(`
Lists, shows, approves, declines and undoes what trailwarden revoke and rules have asked for. Where
response.enabled is set, what is decided is carried out at once.`);

const examples = `
Examples:
  trailwarden revocations list --open
  trailwarden revocations show <id>                   the plan, and the version to say yes to
  trailwarden revocations approve <id> <version>
  trailwarden revocations undo <id> --reason "false alarm"`;

export function addRevocationsCommand(program: Command): void {
  const revocations = program.command("revocations")
    .summary("list, show, approve, decline and undo revocations")
    .description(description)
    .addHelpText("after", examples);
  revocationVerb(revocations, "list")
    .description("Lists revocations, the latest asked for first.")
    .option("--open", "only those of which something is left to do")
    .option("--since <instant>", "only what was asked for, or carried out, then or after")
    .option("--limit <n>", "at most so many", "50")
    .action((options: RevocationOptions & {
      readonly open?: true; readonly since?: string; readonly limit: string;
    }) => atDesk(options, async (desk) => {
      const { open: isOpen, since, limit, format } = options;
      const filter = { isOpen, since: instantIn(since, "--since") };
      return revocationsText(await desk.list(filter, countIn(limit, "--limit")), format);
    }));
  revocationVerb(revocations, "show <id>")
    .description("Shows one: its plan, who decided what, and what was seen of it.")
    .action((id: string, options: RevocationOptions) => atDesk(options, async (desk) =>
      revocationText(await desk.show(id), options.format)));
  revocationVerb(revocations, "approve <id> <version>")
    .description("Says yes to the plan of this version; what was planned anew since needs its own.")
    .action((id: string, version: string, options: RevocationOptions) =>
      said(id, { kind: "approve", version }, options));
  addSaying(revocations, "decline", "Says no to a plan that waits for people.");
  addSaying(revocations, "undo", "Takes one back: credentials that have not expired work again.");
}

function addSaying(revocations: Command, kind: "decline" | "undo", what: string): void {
  revocationVerb(revocations, `${kind} <id>`)
    .description(what)
    .requiredOption("-r, --reason <text>", "why: for the audit log")
    .action((id: string, options: RevocationOptions & { readonly reason: string }) =>
      said(id, { kind, reason: options.reason }, options));
}

async function said(id: string, saying: Saying, options: RevocationOptions): Promise<void> {
  if ("reason" in saying && saying.reason.trim() === "") {
    throw new UsageError("Say why, with --reason.");
  }
  await atDesk(options, async (desk) => revocationText(await desk.say(id, saying), options.format));
}
