import { rangeText } from "../../evidence/flaw.ts";
import type { ChainSummary, EvidenceReport, PlacedFlaw } from "../../evidence/report.ts";
import { printable } from "../../text/printable.ts";
import { onStdout } from "./colour.ts";
import { cell, instant, plural, table } from "./table.ts";

export const evidenceFormats = ["table", "json"] as const;
export type EvidenceFormat = (typeof evidenceFormats)[number];

export function evidenceText(report: EvidenceReport, format: EvidenceFormat): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(jsonOf(report), null, 2)}\n`;
    case "table":
      return tableOf(report);
  }
}

/** Instants as text, as everywhere in JSON of ours. */
function jsonOf({ from, to, verdict, chains, flaws }: EvidenceReport): object {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    verdict, from: time(from), to: time(to), chains,
    flaws: flaws.map(({ fromAt, toAt, ...flaw }) =>
      ({ ...flaw, fromAt: time(fromAt), toAt: time(toAt) })),
  };
}

function tableOf({ chains, flaws }: EvidenceReport): string {
  const head = ["ACCOUNT", "REGION", "TRAIL", "DIGESTS PROVEN", "LOG FILES PROVEN"];
  const chainRows = chains.map((chain) => [
    cell(chain.account), cell(chain.region), cell(trailText(chain), 48),
    share(chain.provenDigestCount, chain.digestCount), share(chain.provenLogCount, chain.logCount),
  ]);
  const parts = [
    ...(chains.length === 0 ? [] : [`${table(head, chainRows)}\n`]),
    ...flaws.map(flawText),
  ];
  return parts.join("\n");
}

function trailText({ trail, isBackfill }: ChainSummary): string {
  return isBackfill ? `${trail} (backfill)` : trail;
}

function share(proven: number, all: number): string {
  return proven === all ? `all ${all}` : `${proven} of ${all}`;
}

/** Keys are longer than a table is wide. */
function flawText(flaw: PlacedFlaw): string {
  const { kind, account, region, trail, key, fromAt, toAt, detail } = flaw;
  const place = [account, region, trail].filter((part) => part !== null).join(" ");
  const times = fromAt === null || toAt === null || fromAt === toAt ? [] :
    [`${instant(fromAt)} to ${instant(toAt)}`];
  const head = [weightText(flaw), kind, printable(place), ...times].join("  ");
  const lines = [head, ...(key === null ? [] : [`  ${printable(key)}`]), `  ${printable(detail)}`];
  return `${lines.join("\n")}\n`;
}

function weightText({ weight }: PlacedFlaw): string {
  switch (weight) {
    case "broken":
      return onStdout.red(weight);
    case "unknown":
      return onStdout.yellow(weight);
    case "note":
      return onStdout.dim(weight);
  }
}

const verdicts: Readonly<Record<EvidenceReport["verdict"], string>> = {
  proven: "All of it is proven.",
  broken: "It is not proven.",
  unknown: "Nothing is known to be wrong, but not all could be read.",
};

/** One line for standard error. */
export function evidenceSummary(report: EvidenceReport, seconds: number): string {
  const { chains, flaws, verdict } = report;
  const count = (of: (chain: ChainSummary) => number) =>
    chains.reduce((sum, chain) => sum + of(chain), 0);
  const weights = (["broken", "unknown"] as const).flatMap((weight) => {
    const found = flaws.filter((flaw) => flaw.weight === weight).length;
    return found === 0 ? [] : [`${found} ${weight}`];
  });
  return `Verified ${plural(count(({ digestCount }) => digestCount), "digest")} and ` +
    `${plural(count(({ logCount }) => logCount), "log file")}, delivered ` +
    `${rangeText(report)}, in ${seconds.toFixed(1)} s. ${verdicts[verdict]}` +
    (weights.length === 0 ? "" : ` Flaws: ${weights.join(", ")}.`);
}
