import { ingestTasks, type TasksTold } from "../ingest-tasks.ts";
import type { Store } from "../storage/store.ts";
import { RejectionTelling } from "./output/rejection-telling.ts";
import { plural } from "./output/table.ts";

/**
 * Tells the store what stands in the files, and on standard error which lines tell nothing. Null
 * where no files are named.
 */
export async function tellTasks(
  store: Store,
  files: readonly string[] | undefined,
): Promise<TasksTold | null> {
  if (files === undefined) return null;
  const rejections = new RejectionTelling();
  const told = await ingestTasks(store, files, ({ file, line, detail }) => {
    rejections.say(file, `${file} (line ${line}): ${detail}`);
  });
  rejections.finish();
  return told;
}

/**
 * Ends what had gone silent by the latest event or instant told of, and gives that: what an archive
 * is judged as of. Whoever made the file heard whatever was told.
 */
export async function endLostTasks(store: Store, told: TasksTold | null): Promise<number> {
  if (told === null) return 0;
  const asOf = Math.max(told.latestAt ?? 0, (await store.latestAt()) ?? 0);
  await store.sweepLost(asOf, -Infinity);
  return asOf;
}

/** `Told of 3 tasks in 12 lines (1 rejected).` */
export function toldLine({ taskCount, lineCount, rejectedCount }: TasksTold): string {
  return `Told of ${plural(taskCount, "task")} in ${plural(lineCount, "line")} ` +
    `(${rejectedCount} rejected).`;
}
