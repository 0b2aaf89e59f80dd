// What agents do at this moment, call by call, as EventBridge brings it.
import { profiles } from "../dist/simulation/agents/profiles.js";
import { callerOf, openSession, planTask } from "../dist/simulation/agents/task.js";
import { makeCall } from "../dist/simulation/call.js";
import { operations } from "../dist/simulation/operations/catalogue.js";
import { write } from "../dist/simulation/operations/operation.js";
import { stream } from "../dist/simulation/random.js";
import { createWorld } from "../dist/simulation/world.js";

/** How long a task lasts, in ms: short ones, so that sessions begin and end all the time. */
const taskMs = [10_000, 60_000];
/** Its role may only read. */
const culprit = profiles.find(({ name }) => name === "cursor");
const deletion = write("s3:DeleteBucket", () => ({ request: { bucketName: "sim-dev-assets" } }));

export class AgentTraffic {
  #world = createWorld("latency");
  #random = stream("latency", "traffic");
  #tasks;
  #culpritCount = 0;

  /** @param sessionCount how many sessions are at work at any time */
  constructor(sessionCount) {
    this.#tasks = Array.from({ length: sessionCount }, () => null);
  }

  /** One call of one of the sessions; a new session's first is preceded by its issuance. */
  next(at) {
    const slot = this.#random.between(0, this.#tasks.length - 1);
    const known = this.#tasks[slot];
    const isOver = known === null || known.endAt <= at;
    const begun = isOver
      ? this.#begin(this.#random.pick(profiles), at)
      : { ...known, issuance: [] };
    this.#tasks[slot] = begun;
    return [...begun.issuance, this.#call(begun, at)];
  }

  /** A new session, and what it does at once though its role may only read. */
  violation(at) {
    this.#culpritCount += 1;
    const sessionName = `cursor-no${this.#culpritCount}-${Math.floor(at / 1000)}`;
    const named = { ...culprit, sessionName: () => sessionName };
    const { task, caller, issuance } = this.#begin(named, at);
    const region = "eu-west-1";
    const call = { world: this.#world, operation: deletion, region, at, random: task.random };
    return { sessionName, events: [...issuance, makeCall(caller, call)] };
  }

  #begin(profile, at) {
    const random = this.#random;
    const task = planTask({ world: this.#world, profile, random, startAt: at });
    const { issued, events } = openSession(task, at);
    const endAt = at + random.between(...taskMs);
    return { task, caller: callerOf(task, issued), endAt, issuance: events };
  }

  #call({ task, caller, endAt }, at) {
    const { profile, random, startAt } = task;
    const operation = operations[profile.operations.draw(random)];
    const exit = task.route(operation, (at - startAt) / (endAt - startAt));
    const from = exit.address === caller.address ? caller : { ...caller, ...exit };
    const region = profile.regions.draw(random);
    return makeCall(from, { world: this.#world, operation, region, at, random });
  }
}
