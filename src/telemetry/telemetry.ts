import { collectDefaultMetrics, Registry } from "prom-client";
import type { Task } from "../sessions/task.ts";
import type { Fault, SourceWatcher } from "../sources/source.ts";
import { StoreFault } from "../storage/fault.ts";
import { printable } from "../text/printable.ts";
import { AuditTelemetry } from "./audit.ts";
import { countCommitted, countJudged, forgetStanding, showStanding } from "./counting.ts";
import { findingFields, findingMessages } from "./finding-fields.ts";
import type {
  Commit,
  ConfigChange,
  DeliveryOutcome,
  Ended,
  Judged,
  RequestEnded,
  Standing,
} from "./happenings.ts";
import { createLabels, startAtZero, startRules, type Labels } from "./labels.ts";
import type { Subjects } from "./labels.ts";
import type { Logger, LogLevel } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { ReceiverTelemetry } from "./receivers.ts";
import { ResponseTelemetry } from "./response.ts";
import { Silence } from "./silence.ts";
import { taskFields } from "./task-fields.ts";

export interface TelemetryOptions extends Subjects {
  readonly logger: Logger;
  readonly version: string;
  readonly inHandLimitBytes: number;
}

/**
 * All that is told of what the program does: one method for each happening writes its line and
 * counts it, so that log and metrics cannot disagree.
 */
export class Telemetry implements SourceWatcher {
  readonly #logger: Logger;
  readonly #registry = new Registry();
  readonly #metrics: Metrics;
  readonly #labels: Labels;
  readonly #silence: Silence;
  readonly #failing = new Map<string, string>();
  #storeFault: string | null = null;
  readonly receivers: ReceiverTelemetry;
  readonly response: ResponseTelemetry;
  readonly audit: AuditTelemetry;

  constructor(options: TelemetryOptions) {
    this.#logger = options.logger;
    this.#metrics = createMetrics(this.#registry);
    this.receivers = new ReceiverTelemetry(this.#logger, this.#metrics);
    this.response = new ResponseTelemetry(this.#logger, this.#metrics);
    this.#labels = createLabels(this.#metrics, options);
    this.audit = new AuditTelemetry(this.#logger, this.#metrics, this.#labels);
    this.#silence = new Silence(this.#metrics.lastEvent, this.#labels.account_region);
    collectDefaultMetrics({ register: this.#registry });
    startAtZero(this.#metrics, options);
    startRules(this.#metrics, this.#labels, options.rules);
    this.#metrics.buildInfo.set({ version: options.version, node: process.version }, 1);
    this.#metrics.inHandLimitBytes.set(options.inHandLimitBytes);
    this.#metrics.storeUp.set(1);
    this.#metrics.reloadSuccessful.set(1);
  }

  received(source: string): void {
    this.#metrics.received.inc({ source });
    this.#logger.debug({ source }, "A delivery came.");
  }

  ended(source: string, outcome: DeliveryOutcome, { name, poison }: Ended): void {
    this.#metrics.ended.inc({ source, outcome });
    const fields = { source, outcome, delivery: printable(name) };
    if (poison !== null) {
      const { reason, detail } = poison;
      this.#metrics.poison.inc({ source, reason });
      this.#logger.warn({ ...fields, reason, detail: printable(detail) }, "A delivery is poison.");
    } else this.#logger.debug(fields, "A delivery ended.");
    if (outcome !== "poison" && outcome !== "returned") this.recovered(source);
  }

  committed(commit: Commit): void {
    countCommitted(this.#metrics, commit);
    for (const { source, counts, events, isBackfill = false } of commit.deliveries) {
      if (!isBackfill) this.#silence.broken(events, commit.committedAt);
      const { eventCount, duplicateCount, skippedCount, rejectedCount } = counts;
      const fields = { source, eventCount, duplicateCount, skippedCount, rejectedCount };
      if (rejectedCount === 0) this.#logger.debug(fields, "Records were taken in.");
      else {
        const reasons = [...new Set(counts.rejections.map(({ reason }) => reason))];
        this.#logger.warn({ ...fields, reasons }, "Some records could not be read.");
      }
    }
  }

  judged(judged: Judged): void {
    countJudged(this.#metrics, this.#labels, judged);
    for (const change of judged.changes) {
      const isQuiet = judged.isBackfill === true || change.what === "grown";
      const finding = findingFields(change);
      this.#logger[isQuiet ? "debug" : "info"]({ finding }, findingMessages[change.what]);
    }
  }

  taskEnded(task: Task): void {
    this.#metrics.tasksEnded.inc({ outcome: String(task.outcome) });
    const isLost = task.outcome === "lost";
    this.#logger[isLost ? "warn" : "info"]({ task: taskFields(task) }, "A task ended.");
  }

  /** Its first failure is told at once; that it goes on failing, only to those who look closely. */
  storeFailed(fault: Fault): void {
    const { code, subject, message } = fault;
    this.#metrics.storeFailures.inc({ code });
    this.#metrics.storeUp.set(0);
    const level = this.#storeFault === code ? "debug" : "error";
    this.#logger[level]({ code, subject, detail: message }, "The store failed.");
    this.#storeFault = code;
  }

  storeRecovered(): void {
    this.#metrics.storeUp.set(1);
    if (this.#storeFault !== null) this.#logger.info("The store works again.");
    this.#storeFault = null;
  }

  failed(source: string, fault: Fault, delayMs: number | null): void {
    const code = this.#labels.code.of(fault.code);
    this.#metrics.sourceFailures.inc({ source, code });
    const detail = printable(fault.message);
    const fields = { source, code, subject: printable(fault.subject), detail };
    if (delayMs === null) {
      this.#logger.warn(fields, "Something from a source cannot be had.");
      return;
    }
    this.#metrics.sourceUp.set({ source }, 0);
    const level = this.#failing.get(source) === code ? "debug" : "warn";
    this.#failing.set(source, code);
    this.#logger[level]({ ...fields, retrySeconds: delayMs / 1000 }, "A source failed.");
  }

  recovered(source: string): void {
    if (!this.#failing.delete(source)) return;
    this.#metrics.sourceUp.set({ source }, 1);
    this.#logger.info({ source }, "A source works again.");
  }

  depth(source: string, queue: "main" | "dead-letter", messageCount: number): void {
    this.#metrics.queueMessages.set({ source, queue }, messageCount);
    this.#logger.debug({ source, queue, messageCount }, "Messages wait in a queue.");
  }

  fetched(source: string, bytes: number): void {
    this.#metrics.fetches.inc({ source });
    this.#metrics.fetchedBytes.inc({ source }, bytes);
    this.#logger.debug({ source, bytes }, "An object was fetched.");
  }

  /** Bytes of records between source and commit at this moment. */
  inHand(bytes: number): void {
    this.#metrics.inHandBytes.set(bytes);
  }

  requestEnded({ route, method, status, seconds }: RequestEnded): void {
    const pattern = this.#labels.route.of(route);
    const known = methods.has(method) ? method : "other";
    this.#metrics.requests.inc({ route: pattern, method: known, status });
    this.#metrics.requestSeconds.observe({ route: pattern }, seconds);
    const level = status >= 500 ? "warn" : "debug";
    this.#logger[level]({ route, method: known, status, seconds }, "A request was answered.");
  }

  /** What its client is told nothing of; that it failed, `requestEnded` counts. */
  requestFailed(error: Error, route: string): void {
    const isFault = error instanceof StoreFault;
    const fields = { route, detail: printable(error.message) };
    if (isFault) this.#logger.warn(fields, "A request failed with the store.");
    else this.#logger.error({ ...fields, stack: error.stack }, "A request met a bug.");
  }

  configReloaded({ changed, needRestart, rules }: ConfigChange): void {
    this.#metrics.reloads.inc({ outcome: "applied" });
    this.#metrics.reloadSuccessful.set(1);
    startRules(this.#metrics, this.#labels, rules);
    const level = needRestart.length > 0 ? "warn" : "info";
    this.#logger[level]({ changed, needRestart }, "The config was read again.");
  }

  /** What is less is not told from now on. */
  logFrom(level: LogLevel): void {
    this.#logger.level = level;
  }

  /** @param problems each a sentence with its place */
  configRefused(problems: readonly string[]): void {
    this.#metrics.reloads.inc({ outcome: "refused" });
    this.#metrics.reloadSuccessful.set(0);
    this.#logger.error({ problems }, "The config is wrong; what was in force stays so.");
  }

  started(about: { readonly http: string | null; readonly sources: readonly string[] }): void {
    this.#logger.info(about, "Watching.");
  }

  /** @param why e.g. `SIGTERM` */
  stopping(why: string): void {
    this.#logger.info({ why }, "Stopping: what is begun is finished first.");
  }

  stopped(): void {
    this.#logger.info("Stopped.");
  }

  stoppedLate(): void {
    this.#logger.warn("Stopped before all in hand was finished: that comes again.");
  }

  retention(removedCount: number): void {
    this.#metrics.retentionRemoved.inc(removedCount);
    this.#logger.info({ removedCount }, "What had become too old was forgotten.");
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /**
   * All metrics in Prometheus's text format. Those that say what stands are left out while the
   * store cannot say it.
   */
  async scrape(read: () => Promise<Standing>): Promise<string> {
    try {
      showStanding(this.#metrics, this.#labels, await read());
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      forgetStanding(this.#metrics);
      this.#metrics.standingFailures.inc();
      this.#logger.debug({ code: error.code }, "The store could not say what stands.");
    }
    return await this.#registry.metrics();
  }
}

const methods: ReadonlySet<string> = new Set([
  "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
]);
