import { z } from "zod";

/** How sessions tell of the tasks they are for, and what is made of a task's end. */
export const Tasks = z.strictObject({
  /** Calls so long after the end are the task's own: two clocks, and what was under way. */
  graceSeconds: z.int().min(0).max(3600).default(60),
  /** Where nobody tells of an end, a task has ended when nothing was called for so long. */
  idleSeconds: z.int().min(60).max(86_400).default(1800),
  /** Session tags that name the task. */
  sessionTags: z.array(z.string().min(1).max(128)).default(["task", "trailwarden:task"]),
  /** Whom or what the source identity names. */
  sourceIdentity: z.enum(["actor", "task"]).default("actor"),
});
