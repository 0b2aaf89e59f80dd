import { Option, type Command } from "commander";
import { addressAt } from "../wrapper/run-config.ts";
import { configOption } from "./options.ts";
import { planFormats, type PlanFormat } from "./output/print-plan.ts";
import type { RevocationDesk } from "./revocation-desk.ts";
import { storeOption, type StoreOptions } from "./store-option.ts";
import { urlOption } from "./task-desk.ts";

export interface RevocationOptions extends StoreOptions {
  readonly url?: string;
  readonly format: PlanFormat;
}

/** A verb of revocations, at the service or on a store's file. */
export function revocationVerb(parent: Command, nameAndArguments: string): Command {
  return parent.command(nameAndArguments)
    .addOption(urlOption())
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(new Option("-f, --format <format>", "how to print").choices([...planFormats])
      .default("table"));
}

/** Prints what comes of the work. */
export async function atDesk(
  options: RevocationOptions,
  work: (desk: RevocationDesk) => Promise<string>,
): Promise<void> {
  const { url } = options;
  if (url) {
    const { revocationServiceDesk } = await import("./revocation-service-desk.ts");
    const desk = revocationServiceDesk(addressAt(url, process.env));
    process.stdout.write(await work(desk));
    return;
  }
  // AWS's clients are loaded for who needs them.
  const { atStore } = await import("./revocation-desk.ts");
  await atStore(options, work);
}
