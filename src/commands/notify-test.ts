import { configAt } from "../config-file.ts";
import type { SinkConfig } from "../config/schema.ts";
import type { Finding } from "../findings/finding.ts";
import { testFinding } from "../notices/test-finding.ts";
import { createReceiver, type Receiver } from "../notifications/create-receiver.ts";
import { nearest } from "../text/nearest.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodes } from "./exit-codes.ts";
import type { NotifyTestOptions } from "./notify.ts";

/** The exit code. A UsageError where there is nobody to tell. */
export async function notifyTest(options: NotifyTestOptions): Promise<number> {
  const { sinks, aws } = await configAt(options.config);
  const now = () => Date.now();
  const finding = testFinding(options.level, now());
  const outcomes = await Promise.all(chosen(sinks, options.sink).map(async (config) => {
    const why = await failure(() => tellOf(createReceiver(config, { aws, now }), finding));
    const outcome = why === null ? "told" : `not told: ${printable(why)}`;
    process.stdout.write(`${config.name} (${config.kind}): ${outcome}\n`);
    return why === null;
  }));
  return outcomes.every((isTold) => isTold) ? exitCodes.ok : exitCodes.findings;
}

function chosen(sinks: readonly SinkConfig[], name: string | undefined): readonly SinkConfig[] {
  if (sinks.length === 0) {
    throw new UsageError("The config has no sinks. See: trailwarden config example");
  }
  const found = sinks.filter((sink) => name === undefined || sink.name === name);
  if (found.length > 0) return found;
  const names = sinks.map((sink) => sink.name);
  const guess = nearest(name ?? "", names);
  const hint = guess === null ? `There are: ${names.join(", ")}.` : `Did you mean ${guess}?`;
  throw new UsageError(`The config has no sink ${name ?? ""}. ${hint}`);
}

async function tellOf(receiver: Receiver, finding: Finding): Promise<void> {
  if ("sink" in receiver) {
    await receiver.sink.tell([{ seq: 0, version: `${finding.level} open`, finding }]);
    return;
  }
  const { desk } = receiver;
  const [memory = null] = await desk.tell([{ what: "opened", finding, memory: null }]);
  if (desk.isGrouping) return;
  const closed = {
    ...finding, status: "closed", verdict: "benign", note: "The test is over.",
  } as const;
  await desk.tell([{ what: "over", finding: closed, memory }]);
}

/** What is wrong, for people; null when nothing is. */
async function failure(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
