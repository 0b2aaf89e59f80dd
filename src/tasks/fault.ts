/** What can go wrong between us and the service. */
export type TaskFaultCode =
  | "service-unreachable" // no answer, or one that asks to come again: it may work later
  | "service-denied" // it knows no such token, or the token may not do this
  | "service-refused" // it understood, and will not: a malformed request, an unknown task
  | "task-ended" // the task has ended already
  | "service-foreign"; // what answers there is no trailwarden

export class TaskFault extends Error {
  override readonly name = "TaskFault";
  readonly code: TaskFaultCode;
  readonly retryable: boolean;
  /** The service's address. */
  readonly subject: string;

  constructor(code: TaskFaultCode, subject: string, told: { said: string; cause?: unknown }) {
    super(`${sentences[code](subject)}: ${told.said}`, { cause: told.cause });
    this.code = code;
    this.retryable = code === "service-unreachable";
    this.subject = subject;
  }
}

const sentences: Readonly<Record<TaskFaultCode, (subject: string) => string>> = {
  "service-unreachable": (subject) => `Cannot reach the trailwarden service at ${subject}`,
  "service-denied": (subject) => `The trailwarden service at ${subject} denies TRAILWARDEN_TOKEN`,
  "service-refused": (subject) => `The trailwarden service at ${subject} refuses`,
  "task-ended": (subject) => `The trailwarden service at ${subject} says that the task has ended`,
  "service-foreign": (subject) => `Cannot use ${subject} as the trailwarden service`,
};
