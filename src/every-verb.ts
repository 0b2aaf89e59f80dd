import { commandLine } from "./cli.ts";
import { exitCodes } from "./commands/exit-codes.ts";
import { start } from "./start.ts";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // `| head` closes the pipe early; that is no failure of ours.
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    throw error;
  });
}

// Leaving this way lets go of what is temporary. Stores are whole at any moment: see `storage/`.
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  process.once(signal, () => process.exit(code));
}

await start(commandLine());
