import { Option, type Command } from "commander";
import { lifetimeReport, reportKeys, type ReportKey } from "../lifetime-report.ts";
import { isoAt } from "../tasks/call.ts";
import { LifetimeReportView } from "../tasks/lifetime-contract.ts";
import { reportView } from "../tasks/lifetime-view.ts";
import { answered, askService, type ServiceAddress } from "../tasks/service.ts";
import { addressAt } from "../wrapper/run-config.ts";
import { measuredNow } from "./as-of.ts";
import { configOption, countIn, instantIn, paragraph } from "./options.ts";
import { reportFormats, reportText, type ReportFormat } from "./output/print-lifetimes.ts";
import { storeOption, withStore } from "./store-option.ts";
import { urlOption } from "./task-desk.ts";

interface LifetimesOptions {
  readonly by: ReportKey;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
  readonly format: ReportFormat;
  readonly url?: string;
  readonly store: string;
  readonly config?: string;
}

const description = paragraph(`
How long agents' credentials were issued for, how much of that their tasks needed, and how long they
stay valid after: as zombies, which anybody who has them may use. Beside it how long tasks were
expected to take and took, and the lifetime that follows from that.`);

const examples = `
Examples:
  trailwarden report lifetimes --store trail.db --since 2026-03-01T00:00Z
  trailwarden report lifetimes --by role
  trailwarden report lifetimes --by task --limit 10 --url http://127.0.0.1:8484
ZOMBIE: from the end of its task to a credential's expiry. Where nobody told of a task, it ended
with the last call, once nothing was called for tasks.idleSeconds (half an hour). SHARE: of what was
issued. PRESENT: what the last credential was issued for. RECOMMENDED: what was expected (else what
95 of 100 tasks did not exceed), and a fifth more; at least 5m. Lower it where it is asked for:
DurationSeconds, a mode's durationSeconds in the config, the profile's duration_seconds.`;

export function addReportCommand(program: Command): void {
  const report = program.command("report")
    .summary("say how long credentials lived, and how long they were needed")
    .description("Reports over what the service, or a store's file, has kept.");
  report.command("lifetimes")
    .summary("seconds issued, used and zombie, by agent, role or task")
    .description(description)
    .addOption(new Option("--by <what>", "whose credentials are added up")
      .choices([...reportKeys]).default("agent"))
    .option("--since <instant>", "only credentials issued at 2026-03-01T09:00Z or after")
    .option("--until <instant>", "only those issued before")
    .option("--limit <n>", "at most so many, those with the most zombie seconds first", "50")
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices([...reportFormats]).default("table"))
    .addOption(urlOption())
    .addOption(storeOption())
    .addOption(configOption())
    .addHelpText("after", examples)
    .action(async (options: LifetimesOptions) => {
      await reportLifetimes(options);
    });
}

async function reportLifetimes(options: LifetimesOptions): Promise<void> {
  const { by, url, format } = options;
  const asked = {
    by,
    since: instantIn(options.since, "--since"),
    until: instantIn(options.until, "--until"),
    limit: countIn(options.limit, "--limit"),
  };
  if (url) {
    const report = await askedOf(addressAt(url, process.env), asked);
    process.stdout.write(reportText(report, format));
    return;
  }
  await withStore(options, async (app) => {
    const whole = { ...asked, ...(await measuredNow(app)) };
    const report = reportView(await lifetimeReport(app.store, whole), whole);
    process.stdout.write(reportText(report, format));
  });
}

/** It reads all credentials of the time; the service gives up after a minute. */
const reportMs = 60_000;
/** The most that the service gives. */
const limitMax = 200;

async function askedOf(
  address: ServiceAddress,
  { by, since, until, limit }: {
    readonly by: ReportKey;
    readonly since: number | undefined;
    readonly until: number | undefined;
    readonly limit: number;
  },
): Promise<LifetimeReportView> {
  const query = new URLSearchParams({
    by,
    limit: String(Math.min(limitMax, limit)),
    ...(since === undefined ? {} : { since: isoAt(since) }),
    ...(until === undefined ? {} : { until: isoAt(until) }),
  });
  const answer = await askService(address, `/v1/lifetimes?${query.toString()}`, reportMs);
  return answered(LifetimeReportView, answer, address);
}
