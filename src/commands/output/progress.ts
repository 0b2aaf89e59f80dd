import { Presets, SingleBar } from "cli-progress";

/** Progress of long work on standard error: a bar on a terminal, nothing in a pipe. */
export interface Progress {
  /** Sets what there is to do, in the work's own unit. */
  start(total: number): void;
  /** How far, and how many events so far, or whatever is counted (their rate is shown). */
  advance(done: number, count: number): void;
  stop(): void;
}

const silent: Progress = {
  start: () => undefined, advance: () => undefined, stop: () => undefined,
};

/** @param counted in the plural */
export function progressOn(
  stream: NodeJS.WriteStream,
  what: string,
  counted = "events",
): Progress {
  return stream.isTTY ? bar(stream, what, counted) : silent;
}

function bar(stream: NodeJS.WriteStream, what: string, counted: string): Progress {
  const single = new SingleBar({
    stream, hideCursor: true, gracefulExit: false, clearOnComplete: true, etaBuffer: 50, fps: 8,
    format: `${what} {bar} {percentage}%  {count} ${counted}, {rate}/s  {eta_formatted} left`,
  }, Presets.rect);
  let startedAt = 0;
  // An interrupted program must give the cursor back.
  const stop = () => {
    single.stop();
    process.off("exit", stop);
  };
  return {
    start: (total) => {
      startedAt = performance.now();
      process.once("exit", stop);
      single.start(total, 0, { count: 0, rate: 0 });
    },
    advance: (done, count) => {
      const seconds = Math.max(0.001, (performance.now() - startedAt) / 1000);
      single.update(done, { count, rate: Math.round(count / seconds) });
    },
    stop,
  };
}
