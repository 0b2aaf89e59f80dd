/** Why the program is to stop. */
export interface Stop {
  readonly signal: AbortSignal;
  /** As a signal would. */
  readonly now: () => void;
  /** `SIGTERM`, `SIGINT`; null when no signal did. */
  readonly reason: () => string | null;
  /** Nobody listens any more. */
  readonly release: () => void;
}

/**
 * Aborts at the first SIGINT or SIGTERM; the second ends the program at once, which loses nothing.
 * In place of what listened to them before.
 *
 * @param onHangUp told of each SIGHUP
 */
export function untilStopped(onHangUp: () => void): Stop {
  const stop = new AbortController();
  let reason: string | null = null;
  const listen = (name: "SIGINT" | "SIGTERM", code: number) => {
    process.removeAllListeners(name);
    process.on(name, () => {
      if (reason !== null) process.exit(code);
      reason = name;
      stop.abort();
    });
  };
  listen("SIGINT", 130);
  listen("SIGTERM", 143);
  process.removeAllListeners("SIGHUP");
  process.on("SIGHUP", onHangUp);
  const release = () => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
  };
  return {
    signal: stop.signal,
    now: () => { stop.abort(); },
    reason: () => reason,
    release,
  };
}
