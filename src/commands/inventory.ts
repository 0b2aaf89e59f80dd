import { Option, type Command } from "commander";
import { addLookingOptions, type LookingOptions } from "./audit-options.ts";
import { paragraph } from "./options.ts";
import { inventoryFormats, type InventoryFormat } from "./output/print-inventory.ts";

export interface InventoryOptions extends LookingOptions {
  readonly format: InventoryFormat;
}

const description = paragraph(`
Lists every identity of an agent, declared or discovered: roles by the config, by what was seen, by
tags, trust and names; users; sign-ins of people that agents worked under. With its owner, its mode,
the accounts it reaches through chains of roles, its last session, and how much it uses of what it
may do. Asks IAM as audit does; changes nothing.`);

const examples = `
Examples:
  trailwarden inventory                                    this account, and trailwarden.db
  trailwarden inventory --from-snapshot iam.json --format csv > agents.csv
  trailwarden inventory --format mermaid                   who may become whom, as a graph
  trailwarden inventory --history-only --store trail.db    without AWS
USES: actions that were called, of those it may do. ACCOUNTS: its own first, then those it reaches.
What is behind each column stands in docs/audit.md.

Exit codes: 0 all could be read, 2 usage, config, or AWS did not let us at all, 3 not all could be
read.`;

export function addInventoryCommand(program: Command): void {
  addLookingOptions(program
    .command("inventory")
    .summary("list agents' identities, and who may become whom")
    .description(description)
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices(inventoryFormats).default("table")))
    .addHelpText("after", examples)
    .action(async (options: InventoryOptions) => {
      // AWS's clients are loaded for who needs them.
      const { runInventory } = await import("./inventory-run.ts");
      process.exitCode = await runInventory(options);
    });
}
