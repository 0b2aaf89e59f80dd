import { addCredentialsCommand } from "./commands/credentials.ts";
import { emptyProgram } from "./commands/program.ts";
import { addRunCommand } from "./commands/run.ts";
import { start } from "./start.ts";

// The entry of the bundle that `scripts/bundle.mjs` makes: what stands before every start of an
// agent. It takes no signal as `every-verb.ts` does: they are the agent's.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // `run --help | head`; of an agent's own output we see nothing.
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.stderr.on("error", () => {
  // Nobody reads what we say: the agent goes on, and its task ends as it should.
});
const program = emptyProgram();
addRunCommand(program);
addCredentialsCommand(program);
await start(program);
