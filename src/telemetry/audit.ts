import type { AuditReport } from "../audit/audit-report.ts";
import { isOpen } from "../audit/result.ts";
import type { FindingChange } from "../findings/store.ts";
import { printable } from "../text/printable.ts";
import { countChanges } from "./counting.ts";
import { findingFields, findingMessages } from "./finding-fields.ts";
import type { Labels } from "./labels.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** What is told of scheduled audits. */
export class AuditTelemetry {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #labels: Labels;

  constructor(logger: Logger, metrics: Metrics, labels: Labels) {
    this.#logger = logger;
    this.#metrics = metrics;
    this.#labels = labels;
  }

  ended(report: AuditReport, seconds: number, changes: readonly FindingChange[]): void {
    const { judgements, unread, accountIds, fixed } = report;
    const outcome = unread.length === 0 ? "succeeded" : "partial";
    this.#metrics.auditRuns.inc({ outcome });
    countChanges(this.#metrics, this.#labels, changes);
    this.#logger[outcome === "partial" ? "warn" : "info"]({
      outcome, seconds, accounts: accountIds.length,
      openCount: judgements.filter(isOpen).length,
      newCount: judgements.filter(({ change }) => change === "new").length,
      fixedCount: fixed.length,
      unread: unread.map(({ account, action }) => `${account} ${action}`),
    }, "An audit ended.");
    for (const change of changes) {
      this.#logger.info({ finding: findingFields(change) }, findingMessages[change.what]);
    }
  }

  /** It is tried again. */
  failed(message: string): void {
    this.#metrics.auditRuns.inc({ outcome: "failed" });
    this.#logger.error({ detail: printable(message) }, "An audit failed.");
  }

  /** It is kept in the store all the same. */
  reportFailed(message: string): void {
    this.#logger.error({ detail: printable(message) }, "An audit's reports cannot be written.");
  }

  throttled(message: string): void {
    this.#logger.debug({ detail: printable(message) }, "An audit asks again.");
  }
}
