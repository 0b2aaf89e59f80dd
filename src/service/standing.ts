import type { AuditStore } from "../audit/store.ts";
import type { BaselineStore } from "../baselines/store.ts";
import { levels } from "../detections/detection.ts";
import type { ListStore } from "../findings/lists.ts";
import type { LifetimeStore } from "../sessions/lifetime-store.ts";
import type { StoreFault } from "../storage/fault.ts";
import type { BaselinesStanding } from "../telemetry/baseline-metrics.ts";
import type { Standing } from "../telemetry/happenings.ts";
import type { Config } from "../config/schema.ts";
import { BaselineReading, noBaselines, type BaselinesAsked } from "./baseline-reading.ts";
import { SlowReading } from "./slow-reading.ts";
import { CredentialSecondsReading } from "./credential-seconds.ts";

/** Whether the service does its work, and what stands in the way. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    /** For people. */
    readonly detail: string;
  }[];
}

export function readiness(fault: StoreFault | null, isStopping: boolean): Readiness {
  const checks = [
    { name: "store", ok: fault === null, detail: fault?.message ?? "It can be written." },
    {
      name: "service",
      ok: !isStopping,
      detail: isStopping ? "It stops, and takes nothing more." : "It runs.",
    },
  ];
  return { ready: checks.every(({ ok }) => ok), checks };
}

type Asked = BaselineStore & Pick<AuditStore, "auditRuns">
  & Pick<ListStore, "liveCounts"> & Pick<LifetimeStore, "issuedCredentials">;

/** What gauges show: read anew at each scrape, but for what costs much and changes slowly. */
export class StandingReading {
  readonly #store: Asked;
  readonly #seconds: CredentialSecondsReading;
  readonly #baselines: SlowReading<BaselinesAsked, BaselinesStanding>;

  constructor(store: Asked) {
    this.#store = store;
    this.#seconds = new CredentialSecondsReading(store);
    const baselines = new BaselineReading(store);
    this.#baselines = new SlowReading((asked) => baselines.read(asked), noBaselines);
  }

  /** When nothing is being read beside any more. */
  async settled(): Promise<void> {
    await Promise.all([this.#seconds.settled(), this.#baselines.settled()]);
  }

  /** @param asOf ms UTC: what has expired by then does not live */
  async read({ receivers, asOf, config }: {
    readonly receivers: readonly string[];
    readonly asOf: number;
    readonly config: Pick<Config, "tasks" | "baselines">;
  }): Promise<Standing> {
    const { sessions, credentials, openFindings, storeBytes, backlog } =
      await this.#store.liveCounts(asOf, receivers);
    const { idleSeconds } = config.tasks;
    return {
      liveSessions: sessions,
      liveCredentials: credentials,
      openFindings: [...openFindings].flatMap(([rule, byLevel]) =>
        levels.map((level) => ({ rule, level, count: byLevel[level] ?? 0 }))),
      credentialSeconds: this.#seconds.latest({ asOf, idleSeconds }),
      baselines: this.#baselines.latest({ asOf, config }),
      storeBytes,
      audit: (await this.#store.auditRuns({ limit: 1, after: null }))[0] ?? null,
      outbox: receivers.map((receiver) => ({ receiver, count: backlog.get(receiver) ?? 0 })),
    };
  }
}
