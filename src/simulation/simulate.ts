import type { Logged } from "./call.ts";
import { DeliveryQueue, withAddendum } from "./delivery.ts";
import type { SimulatedFile } from "./delivery.ts";
import type { Incident, Script } from "./incidents/incident.ts";
import { plannedIncidents, scripts } from "./incidents/catalogue.ts";
import { day, minute } from "./instant.ts";
import { stream } from "./random.ts";
import type { Plan } from "./schedule.ts";
import { plansOf, taskPlans, volumeOf } from "./schedule.ts";
import type { SimulatedTask } from "./told.ts";
import type { World } from "./world.ts";
import { createWorld } from "./world.ts";

export interface SimulationOptions {
  /** The same seed gives the same bytes. */
  readonly seed: number | string;
  /** ms UTC; the simulation begins on that day's midnight. */
  readonly startAt: number;
  readonly days: number;
  /** Multiples of the ordinary traffic, some 6,700 records a day. Default 1. */
  readonly scale?: number;
  /**
   * Of all records, those that agents cause, 0 to 1; null or absent: the ordinary mix, about a
   * fifth.
   */
  readonly agentShare?: number | null;
  /** Which incidents are planted. Default: all. */
  readonly incidents?: "all" | "none" | readonly string[];
}

/**
 * Weeks of believable traffic, file by file in the order of delivery. Memory holds the files not
 * yet due: minutes of traffic, plus what tasks under way will still do.
 */
export function* simulate(options: SimulationOptions): Generator<SimulatedFile> {
  const world = createWorld(String(options.seed));
  const volume = volumeOf(options.scale ?? 1, options.agentShare ?? null);
  const queue = new DeliveryQueue(world.seed);
  const incidents = planIncidents(world, options);
  const corrected = correction(world, options);
  if (corrected !== null) queue.deliver(corrected.at + day, corrected);
  const endAt = endOf(options);
  let flushedAt = 0;
  for (const dayAt of daysOf(options)) {
    const today = incidents.filter((plan) => plan.at >= dayAt && plan.at < dayAt + day);
    const plans = [...plansOf(world, dayAt, volume), ...today].sort((a, b) => a.at - b.at);
    for (const plan of plans) {
      if (plan.at - flushedAt > 20 * minute) {
        // A task's issuance may be a second before its start; a minute is ample.
        yield* queue.flush(plan.at - minute);
        flushedAt = plan.at;
      }
      // What happens afterwards is of the days that are not simulated.
      for (const event of plan.run().events) if (event.at < endAt) queue.add(event);
    }
  }
  yield* queue.flush(Number.POSITIVE_INFINITY);
}

/**
 * What was planted, with the events it left: the answers to what {@link simulate} asks. In order of
 * time.
 *
 * @param among by default what CloudTrail alone shows
 */
export function groundTruth(
  options: SimulationOptions,
  among: readonly Script[] = scripts,
): Incident[] {
  const world = createWorld(String(options.seed));
  return plannedIncidents(world, options, among).map((planned) => planned.make().incident);
}

/** The tasks that the wrapper tells of; incidents' come last. */
export function* simulatedTasks(options: SimulationOptions): Generator<SimulatedTask> {
  const world = createWorld(String(options.seed));
  const volume = volumeOf(options.scale ?? 1, options.agentShare ?? null);
  for (const dayAt of daysOf(options)) {
    for (const plan of taskPlans(world, dayAt, volume)) yield* plan.run().tasks;
  }
  for (const plan of planIncidents(world, options)) yield* plan.run().tasks;
}

function planIncidents(world: World, options: SimulationOptions): Plan[] {
  return plannedIncidents(world, options).map((planned) => ({
    at: planned.at,
    run: () => planned.make(),
  }));
}

/** ms UTC: the midnight after the last day. */
function endOf(options: SimulationOptions): number {
  const last = daysOf(options).at(-1);
  return last === undefined ? options.startAt : last + day;
}

function daysOf({ startAt, days }: SimulationOptions): number[] {
  const first = startAt - (startAt % day);
  return Array.from({ length: days }, (_, i) => first + i * day);
}

/**
 * One record that AWS corrects the day after: it comes again, under an id of its own, naming the
 * first.
 */
function correction(world: World, options: SimulationOptions): Logged | null {
  const [first] = daysOf(options);
  if (first === undefined) return null;
  const original = plansOf(world, first, { agents: 1, noise: 0 })[0]?.run().events[0];
  if (original === undefined) return null;
  const eventId = stream(world.seed, "correction").uuid();
  const record = withAddendum(
    { ...original.record, eventID: eventId },
    {
      reason: "UPDATED_DATA",
      updatedFields: "additionalEventData",
      originalRequestID: original.record["requestID"],
      originalEventID: original.eventId,
    },
  );
  return { ...original, eventId, record };
}
