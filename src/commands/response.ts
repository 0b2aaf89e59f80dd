import type { Command } from "commander";
import { UsageError } from "../usage-error.ts";
import { paragraph } from "./options.ts";
import { responseText } from "./output/print-revocations.ts";
import { atDesk, revocationVerb, type RevocationOptions } from "./revocation-verb.ts";

const description = paragraph(`
The off-switch of everything that changes accounts: while responses are paused, nothing is put into
any policy and nothing is taken out, whoever asks, in every process on this store.`);

const examples = `
Examples:
  trailwarden response status
  trailwarden response pause --reason "incident 4711: hands off"
  trailwarden response resume`;

export function addResponseCommand(program: Command): void {
  const response = program.command("response")
    .summary("pause and resume everything that changes accounts")
    .description(description)
    .addHelpText("after", examples);
  revocationVerb(response, "pause")
    .description("Stops it: what stands in policies stays as it is.")
    .requiredOption("-r, --reason <text>", "why: whoever is kept from something is told")
    .action(async (options: RevocationOptions & { readonly reason: string }) => {
      const reason = options.reason.trim();
      if (reason === "") throw new UsageError("Say why, with --reason.");
      await atDesk(options, async (desk) =>
        responseText(await desk.pause(reason), options.format));
    });
  revocationVerb(response, "resume")
    .description("Lets it go on: the next round does what was waiting.")
    .action((options: RevocationOptions) => atDesk(options, async (desk) =>
      responseText(await desk.pause(null), options.format)));
  revocationVerb(response, "status")
    .description("Says whether it is enabled and paused, and what waits for what.")
    .action((options: RevocationOptions) => atDesk(options, async (desk) =>
      responseText(await desk.status(), options.format)));
}
