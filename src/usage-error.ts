/**
 * The command line, the config or a rule is wrong. The message is shown as it is; the exit code is
 * 2.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
