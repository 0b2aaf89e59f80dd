import type { TrailEvent } from "../events/event.ts";
import type { Fact } from "./fact.ts";
import { textAt, valueAt } from "./fields.ts";

/** What stands where a call has its service: AWS sends no such source. */
export const momentSource = "tasks.trailwarden";

const text = (name: string, meaning: string): Fact => ({
  name: `moment.${name}`, type: "text", unit: null, meaning,
  of: ({ event }) => (isMoment(event) ? textAt(event.record, name) : null),
});

/**
 * Facts of what becomes true without a call, for rules with `logsource: {product: trailwarden,
 * service: tasks}`: a credential outlives its task, a task overruns. Absent for every call.
 */
export const momentFacts: readonly Fact[] = [
  text("name", "CredentialOutlivedTask, TaskOverran or TooManyLiveCredentials."),
  text("agent", "The agent whose task or credentials it is about."),
  text("task", "The task's name; absent where it is about all of the agent's."),
  text("holder", "`task T-123 of aider`, or `agent aider`."),
  text("credential", "The access key id; of an overrun, of one that still works."),
  text("role_arn", "The role it was issued for."),
  text("issued_at", "When it was issued (ISO 8601)."),
  text("expires_at", "When it expires (ISO 8601), where that is known."),
  {
    name: "moment.live_credentials", type: "number", unit: "count",
    meaning: "How many credentials of the task, or the agent, are valid then.",
    of: ({ event }) => {
      const count = isMoment(event) ? valueAt(event.record, "live_credentials") : null;
      return typeof count === "number" ? count : null;
    },
  },
  {
    name: "moment.is_used_after_task", type: "truth", unit: null,
    meaning: "Whether a call was made with it after the task's end and grace.",
    of: ({ event }) =>
      isMoment(event) ? valueAt(event.record, "is_used_after_task") === true : null,
  },
];

/** The agent a moment is about; null for every call. */
export function momentAgentOf(event: TrailEvent): string | null {
  return isMoment(event) ? textAt(event.record, "agent") : null;
}

function isMoment({ source }: TrailEvent): boolean {
  return source === momentSource;
}
