import { openApp } from "../app.ts";
import { judgeEverything } from "../judging/judge-everything.ts";
import { refresh, type Refreshed } from "../service/refreshing.ts";
import { printable } from "../text/printable.ts";
import { version } from "../version.ts";
import { exitCodes } from "./exit-codes.ts";
import { findingsText, rulesOf } from "./output/print-findings.ts";
import { progressOn } from "./output/progress.ts";
import { plural } from "./output/table.ts";
import { findingsById, regionsFor, sessionsOf, type RefreshCommandOptions } from "./refresh.ts";
import { requireStore } from "./store-option.ts";

/** The exit code. */
export async function runRefresh(id: string, options: RefreshCommandOptions): Promise<number> {
  const app = await openApp({ ...options, store: requireStore(options.store) });
  try {
    const known = await findingsById(app);
    let faultCount = 0;
    for (const session of await sessionsOf(app, id)) {
      const regions = regionsFor(app, session.account, options.region);
      const refreshed = await refresh(app, session, {
        regions,
        onFault: ({ message }) => { process.stderr.write(`${printable(message)}\n`); },
      });
      faultCount += refreshed.faultCount;
      const keys = plural(session.credentials.length, "access key");
      const asked = `Asked for ${keys} in ${regions.join(", ")}.`;
      process.stderr.write(`${summaryLine(refreshed)} ${asked}\n`);
    }
    await judgeEverything(app, progressOn(process.stderr, "Judging"));
    const fresh = [...(await findingsById(app)).values()].filter((finding) => {
      const before = known.get(finding.id);
      return before === undefined || before.eventCount < finding.eventCount;
    });
    const about = { format: "table", rules: rulesOf(app.rules), version } as const;
    process.stdout.write(
      fresh.length === 0 ? "No finding is new.\n" : findingsText(fresh, about),
    );
    return faultCount > 0 ? exitCodes.unreadable : exitCodes.ok;
  } finally {
    await app.close();
  }
}

/** `12 new events (30 known, 0 rejected) on 3 pages.` */
function summaryLine({ eventCount, duplicateCount, rejectedCount, pageCount }: Refreshed): string {
  const others = `${duplicateCount} known, ${rejectedCount} rejected`;
  return `${plural(eventCount, "new event")} (${others}) on ${plural(pageCount, "page")}.`;
}
