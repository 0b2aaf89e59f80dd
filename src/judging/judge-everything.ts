import type { Bench } from "./bench.ts";
import type { JudgeProgress } from "./judge-time.ts";
import { LiveJudge } from "./live-judge.ts";

interface Progress extends JudgeProgress {
  start(total: number): void;
  stop(): void;
}

/** What may be remembered of what is read: more costs memory, and saves little time. (Measured.) */
const archiveBytesMax = 32 * 2 ** 20;

/** A judge for those who read an archive and have it judged in the end. */
export function archiveJudge(bench: Bench): LiveJudge {
  return new LiveJudge(bench, { bytesMax: archiveBytesMax, isArchive: true });
}

/**
 * Judges every group whose records or context changed, then the correlations over all hits. A
 * finding is a function of what is stored, the rules and the config: judging again changes nothing.
 * Nobody is told of what it finds.
 *
 * @param judge one that has seen what was taken in
 * @param asOf ms UTC, where that is later than the newest event
 */
export async function judgeEverything(
  bench: Bench,
  progress: Progress,
  { judge = new LiveJudge(bench, { bytesMax: 0 }), asOf = 0 }: {
    readonly judge?: LiveJudge | undefined;
    readonly asOf?: number;
  } = {},
): Promise<void> {
  const { groupCount } = await bench.store.counts();
  progress.start(groupCount);
  try {
    await judge.finish({ asOf, announceFrom: Infinity }, progress);
  } finally {
    progress.stop();
  }
}
