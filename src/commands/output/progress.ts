import { Presets, SingleBar } from "cli-progress";

/** Progress of long work on standard error: a bar on a terminal, nothing in a pipe. */
export interface Progress {
  /** Sets what there is to do, in the work's own unit. */
  start(total: number): void;
  /** How far, and how many events so far (their rate is shown). */
  advance(done: number, eventCount: number): void;
  stop(): void;
}

const silent: Progress = {
  start: () => undefined, advance: () => undefined, stop: () => undefined,
};

export function progressOn(stream: NodeJS.WriteStream, what: string): Progress {
  return stream.isTTY ? bar(stream, what) : silent;
}

function bar(stream: NodeJS.WriteStream, what: string): Progress {
  const single = new SingleBar({
    stream, hideCursor: true, gracefulExit: false, clearOnComplete: true, etaBuffer: 50, fps: 8,
    format: `${what} {bar} {percentage}%  {events} events, {rate}/s  {eta_formatted} left`,
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
      single.start(total, 0, { events: 0, rate: 0 });
    },
    advance: (done, eventCount) => {
      const seconds = Math.max(0.001, (performance.now() - startedAt) / 1000);
      single.update(done, { events: eventCount, rate: Math.round(eventCount / seconds) });
    },
    stop,
  };
}
