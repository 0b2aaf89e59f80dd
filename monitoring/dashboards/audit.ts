import { framed } from "./frame.ts";
import { course, figure, listing, ranking } from "./panels.ts";
import { levelColours, noAudit } from "./wording.ts";

const open = "trailwarden_audit_open{check=~\"$check\"}";

export const audit = () => framed({
  uid: "trailwarden-audit",
  title: "Identity audit",
  description: "Which identities agents work with, and what is wrong with them.",
  from: "now-7d",
  variables: [{ name: "check", label: "Check", of: "trailwarden_audit_open" }],
  rows: [
    { title: "The last audit", panels: [
      ...(["high", "medium", "low"] as const).map((level) => figure({
        title: `${level.charAt(0).toUpperCase()}${level.slice(1)}`,
        description: `Identities that fail a check of level ${level}.`,
        queries: [{ expr: `sum(trailwarden_audit_open{check=~"$check",level="${level}"}) ` +
          "or 0 * max(trailwarden_audit_run_seconds)" }],
        unit: "short", width: 4, noData: noAudit,
        ...(level === "high"
          ? { alert: "TrailwardenAuditHigh" }
          : { steps: level === "low" ? [] : [{ from: 1, colour: "notable" }] }),
      })),
      figure({
        title: "Identities",
        description: "Roles and users that agents work with.",
        queries: [{ expr: "sum(trailwarden_audit_identities)" }],
        unit: "short", width: 4, noData: noAudit, isPlain: true,
      }),
      figure({
        title: "Since the last audit",
        description: "How long ago the last one went through.",
        queries: [{ expr: "time() - max(trailwarden_audit_last_success_timestamp_seconds)" }],
        unit: "s", decimals: 1, width: 4, noData: noAudit, alert: "TrailwardenAuditStale",
        isPlain: true,
      }),
      figure({
        title: "It took",
        description: "How long the last audit ran.",
        queries: [{ expr: "max(trailwarden_audit_run_seconds)" }],
        unit: "s", decimals: 1, width: 4, noData: noAudit, isPlain: true,
      }),
    ] },
    { title: "What fails", panels: [
      course({
        title: "Open failures by level",
        description: "What the checks find wrong, and nobody accepted.",
        queries: [{ expr: `sum by (level) (${open})`, legend: "{{level}}" }],
        unit: "short", decimals: 0, width: 12, noData: noAudit, isStacked: true,
        colours: levelColours,
      }),
      ranking({
        title: "Open failures by check",
        description: "Where most is wrong.",
        queries: [{ expr: `sort_desc(sum by (check) (${open}) > 0)`, legend: "{{check}}" }],
        unit: "short", decimals: 0, width: 12, noData: "No check fails.", steps: [],
      }),
      listing({
        title: "Verdicts",
        description: "What each check said of how many: pass, fail, or unknown, for want of " +
          "permission or history.",
        queries: ["fail", "unknown", "pass"].map((verdict) => ({
          expr: `sum by (check) (trailwarden_audit_verdicts{check=~"$check",verdict="${verdict}"})`,
        })),
        by: ["check"],
        columns: [
          { title: "Fail", unit: "locale" }, { title: "Unknown", unit: "locale" },
          { title: "Pass", unit: "locale" },
        ],
        unit: "short", decimals: 0, width: 12, height: 11, noData: noAudit,
      }),
      course({
        title: "Changes",
        description: "Against the audit before: new failures, fixed ones, accepted ones.",
        queries: [{ expr: "sum by (change) (trailwarden_audit_changes)", legend: "{{change}}" }],
        unit: "short", decimals: 0, width: 12, height: 11, noData: noAudit,
        colours: { new: "red", fixed: "green", accepted: "blue" },
      }),
    ] },
    { title: "Who there is", panels: [
      ranking({
        title: "Identities by kind and mode",
        description: "What they are for, by config or by name.",
        queries: [{ expr: "sum by (kind, mode) (trailwarden_audit_identities)",
          legend: "{{kind}}, {{mode}}" }],
        unit: "short", decimals: 0, width: 12, noData: noAudit, steps: [],
      }),
      course({
        title: "Audits",
        description: "Runs a day, by outcome.",
        queries: [{ expr: "sum by (outcome) (increase(trailwarden_audit_runs_total[1d]))",
          legend: "{{outcome}}" }],
        unit: "short", decimals: 0, width: 12, noData: noAudit, isStacked: true,
      }),
    ] },
  ],
});
