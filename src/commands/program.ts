import { Command } from "commander";
import { version } from "../version.ts";

/** The command line without a verb. */
export function emptyProgram(): Command {
  return new Command("trailwarden")
    .description("Watches what AI agents do in AWS accounts, and says what is wrong and why.")
    .version(version)
    .showHelpAfterError("(add --help for what this command takes)")
    .showSuggestionAfterError()
    .configureHelp({
      showGlobalOptions: true,
      commandDescription: (command) => command.description() || command.summary(),
    });
}
