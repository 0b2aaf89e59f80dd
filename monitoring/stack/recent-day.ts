import { callsOf } from "../../src/commands/told-calls.ts";
import type { SimulatedFile } from "../../src/simulation/delivery.ts";
import { later } from "../../src/simulation/later.ts";
import type { TaskCall } from "../../src/tasks/call.ts";
import { simulate, simulatedTasks, type SimulationOptions } from "../../src/simulation/simulate.ts";

const dayMs = 86_400_000;
/** What comes later than so long after the last day is left out: the next day would wait for it. */
const lateMs = 3_600_000;
/** A Tuesday. */
const startAt = Date.UTC(2026, 2, 3);

/** A simulated day that has just ended; perhaps with the days that follow. */
export interface RecentDay {
  /** In the order in which they are delivered; those due later too. */
  files(): Generator<SimulatedFile>;
  /** What is told of its tasks, in order of time. */
  readonly tasks: readonly TimedCall[];
}

export interface TimedCall {
  /** ms UTC: when it is told. */
  readonly at: number;
  readonly call: TaskCall;
}

export interface RecentDayOptions extends Pick<SimulationOptions, "seed" | "scale" | "days"> {
  /** ms UTC, at which the first day ends. */
  readonly now: number;
  /** More days behind those, with incidents of their own. */
  readonly daysAfter?: number;
}

export function recentDay(options: RecentDayOptions): RecentDay {
  const { now, daysAfter = 0, ...first } = options;
  const shift = Math.floor((now - startAt - dayMs) / 1000) * 1000;
  const runs: readonly SimulationOptions[] = [
    { ...first, startAt },
    ...(daysAfter === 0
      ? []
      : [{ ...first, startAt: startAt + first.days * dayMs, days: daysAfter }]),
  ];
  return {
    *files() {
      for (const run of runs) {
        for (const { key, deliveredAt, records } of simulate(run)) {
          if (deliveredAt > run.startAt + run.days * dayMs + lateMs) continue;
          yield { key, deliveredAt: deliveredAt + shift, records: later(records, shift) };
        }
      }
    },
    tasks: runs.flatMap((run) => [...simulatedTasks(run)]).flatMap(callsOf)
      .map((call) => later(call, shift))
      .map((call) => ({ at: instantOf(call), call }))
      .sort((a, b) => a.at - b.at),
  };
}

function instantOf({ body }: TaskCall): number {
  const [text = ""] = [body["startedAt"], body["issuedAt"], body["at"]]
    .filter((each) => typeof each === "string");
  return Date.parse(text);
}

/** As a file that `scan --tasks` reads. */
export function tasksText(calls: readonly TimedCall[]): string {
  return calls.map(({ call }) => `${JSON.stringify(call)}\n`).join("");
}
