/** Why a command was not run, for people: somebody said no, or nobody said yes. */
export class NotRun extends Error {
  override readonly name = "NotRun";
}
