import { levels, type Level } from "../detections/detection.ts";
import type { Finding } from "../findings/finding.ts";

/** What the program's exit code says; documented in `docs/cli.md`. */
export const exitCodes = {
  /** Nothing at or above `--fail-on`. */
  ok: 0,
  /** An open finding at or above `--fail-on`, a rule case that did not hold, a sink not told. */
  findings: 1,
  /** The command line, the config, a rule or the store is wrong; nothing was read. */
  usage: 2,
  /** Some of the input could not be read; the rest was. */
  unreadable: 3,
  /** A service stopped before all in hand was finished: it comes again. */
  unfinished: 4,
  /** `run` ran nothing: no credential, no approval, no service. As `env` and others do. */
  notRun: 125,
  /** `run` found the command, and may not execute it. */
  notExecutable: 126,
  /** `run` found no such command. */
  notFound: 127,
  /** A broken promise of ours; `EX_SOFTWARE` of BSD's sysexits.h. */
  bug: 70,
} as const;

export type FailOn = Level | "never";
export const failOnChoices: readonly FailOn[] = [...levels, "never"];

/** Findings weigh more than unreadable input: a scan that saw both exits with 1. */
export function scanExitCode(
  findings: readonly Finding[],
  unreadableCount: number,
  failOn: FailOn,
): number {
  const bad = findings.some(
    ({ level, status }) =>
      failOn !== "never" && (status === "open" || status === "acknowledged") &&
      levels.indexOf(level) >= levels.indexOf(failOn),
  );
  if (bad) return exitCodes.findings;
  return unreadableCount > 0 ? exitCodes.unreadable : exitCodes.ok;
}
