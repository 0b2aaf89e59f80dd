import { Option, type Command } from "commander";
import { configOption } from "./options.ts";
import { planFormats, type PlanFormat } from "./output/print-plan.ts";
import type { RevocationDesk } from "./revocation-desk.ts";
import { storeOption, type StoreOptions } from "./store-option.ts";

export interface RevocationOptions extends StoreOptions {
  readonly format: PlanFormat;
}

/** A verb of revocations, on a store's file. */
export function revocationVerb(parent: Command, nameAndArguments: string): Command {
  return parent.command(nameAndArguments)
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(new Option("-f, --format <format>", "how to print").choices([...planFormats])
      .default("table"));
}

/** Prints what comes of the work. */
export async function atDesk(
  options: StoreOptions,
  work: (desk: RevocationDesk) => Promise<string>,
): Promise<void> {
  // AWS's clients are loaded for who needs them.
  const { atStore } = await import("./revocation-desk.ts");
  await atStore(options, work);
}
