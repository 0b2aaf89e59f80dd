import { userInfo } from "node:os";
import type { Decider } from "../findings/store.ts";

/** Whoever runs the program, for the audit log. */
export function cliDecider(): Decider {
  return { actor: `cli:${userName()}`, at: Date.now() };
}

/** A container's user may have no name: its number then. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && "code" in error) return String(process.getuid?.() ?? "unknown");
    throw error;
  }
}
