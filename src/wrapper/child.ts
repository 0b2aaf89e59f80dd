import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";
import type { Environment } from "./child-environment.ts";

/** What the command came to. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A terminal sends these to all that runs in front of it: to the command too, without us. */
const ofTerminals: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGWINCH"];
const ofPeople: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCONT"];

export interface Child {
  /** Rejects, with the error of Node's `spawn`, when the command cannot be run. */
  readonly ended: Promise<Ended>;
}

/** Runs it with our own standard streams; signals that reach us reach it. */
export function startChild(
  [command, ...args]: readonly [string, ...string[]],
  environment: Environment,
): Child {
  const atTerminal = hasTerminal();
  const child = spawn(command, args, { stdio: "inherit", env: { ...environment } });
  for (const signal of [...ofTerminals, ...ofPeople]) {
    // Ctrl-C would come to the command twice, which many take for "at once".
    const isSent = !(atTerminal && ofTerminals.includes(signal));
    // Taken until we end, so that none keeps us from telling that the task has ended.
    process.on(signal, () => {
      if (isSent) child.kill(signal);
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      resolve({ code, signal });
    });
  });
  return { ended };
}

/** As shells do: 128 and the signal's number. */
export function exitCodeOf({ code, signal }: Ended): number {
  return signal === null ? (code ?? 0) : 128 + constants.signals[signal];
}

/** Whether the process has a controlling terminal; where its streams go says nothing of that. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
