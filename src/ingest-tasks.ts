import { basename } from "node:path";
import type { TaskStore, Teller } from "./sessions/task-store.ts";
import { toldInFile } from "./tasks/told-file.ts";
import type { Told } from "./tasks/told-line.ts";

/** What files of calls told of tasks. */
export interface TasksTold {
  readonly taskCount: number;
  /** Lines that told something. */
  readonly lineCount: number;
  readonly rejectedCount: number;
  /** ms UTC: the latest instant told of; null when none was. */
  readonly latestAt: number | null;
}

export interface LineRejection {
  readonly file: string;
  readonly line: number;
  /** A sentence. */
  readonly detail: string;
}

/**
 * Tells the store what stands in files of calls, as if it had been told when it happened. The order
 * of lines and files is of no matter: starts go first, then each thing as it happened, so that of
 * two starts or ends of one task the earlier stands. Throws a SourceFault before anything is told.
 */
export async function ingestTasks(
  store: TaskStore,
  files: readonly string[],
  onRejection: (rejection: LineRejection) => void,
): Promise<TasksTold> {
  const lines: TellingLine[] = [];
  let rejectedCount = 0;
  const reject = (place: Place, detail: string) => {
    rejectedCount += 1;
    onRejection({ ...place, detail });
  };
  for (const file of files) {
    for await (const { line, told } of toldInFile(file)) {
      if (told.kind === "untold") reject({ file, line }, told.problems.join(" "));
      else lines.push({ file, line, told });
    }
  }
  lines.sort((a, b) => rank(a.told) - rank(b.told) || a.told.at - b.told.at);
  const ids = new Set<string>();
  let lineCount = 0;
  let latestAt: number | null = null;
  for (const { told, ...place } of lines) {
    const by = { actor: `file:${basename(place.file)}`, at: told.at };
    const id = await tell(store, told, by);
    if (id === null) {
      reject(place, noTask);
      continue;
    }
    ids.add(id);
    lineCount += 1;
    latestAt = Math.max(latestAt ?? told.at, told.at);
  }
  return { taskCount: ids.size, lineCount, rejectedCount, latestAt };
}

interface Place {
  readonly file: string;
  readonly line: number;
}

interface TellingLine extends Place {
  readonly told: Told;
}

const noTask =
  "path names a task of which nobody has told the start: it counts once somebody does.";
const rank = ({ kind }: Told): number => kind === "start" ? 0 : 1;

/** The task's id; null when there is none of which this could be told. */
async function tell(store: TaskStore, told: Told, by: Teller): Promise<string | null> {
  if (told.kind === "start") return (await store.startTask(told.start, by)).task.id;
  const { id, news } = told;
  switch (news.kind) {
    case "credential":
      return (await store.tellCredential(id, news.credential))?.id ?? null;
    case "heartbeat":
      return (await store.taskLives(id, news.at, news.heardAt))?.id ?? null;
    case "end":
      return (await store.endTask(id, news.end, by))?.id ?? null;
    default:
      return news satisfies never;
  }
}
