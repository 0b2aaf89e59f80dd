/** What can go wrong when a receiver is told. */
export type SinkFaultCode =
  | "unreachable" // no connection, or it broke off
  | "timeout" // no answer in time
  | "throttled" // it asks to wait
  | "denied" // it does not take our word: token, channel, key, address
  | "refused" // it does not take this one: another may do
  | "failed" // it answered with an error of its own
  | "garbage"; // it answered what cannot be understood

/** A receiver, or the way to it, failing. Holds no secret: no address's path, and no answer. */
export class SinkFault extends Error {
  override readonly name = "SinkFault";
  readonly code: SinkFaultCode;
  /** How long the receiver asks to be left alone; null where it does not say. */
  readonly askedMs: number | null;

  /** @param what a sentence of what it said: `slack.com answered 500.` */
  constructor(code: SinkFaultCode, what: string, askedMs: number | null = null) {
    super(what);
    this.code = code;
    this.askedMs = askedMs;
  }
}
