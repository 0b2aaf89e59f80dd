import { framed } from "./frame.ts";
import { course, figure, listing, ranking } from "./panels.ts";
import { levelColours, noFindings, noRevocations, notScraped } from "./wording.ts";

const chosen = "rule=~\"$rule\",level=~\"$level\"";
const changes = (matchers: string) => `trailwarden_finding_changes_total{${chosen},${matchers}}`;
const open = `trailwarden_open_findings{${chosen}}`;

export const findings = () => framed({
  uid: "trailwarden-findings",
  title: "Findings and response",
  description: "What was found, how long it has been open, and what was done about it.",
  from: "now-24h",
  variables: [
    { name: "level", label: "Level", of: "trailwarden_open_findings" },
    { name: "rule", label: "Rule", of: "trailwarden_open_findings{level=~\"$level\"}" },
  ],
  rows: [
    { title: "Open findings", panels: [
      ...(["critical", "high", "medium", "low"] as const).map(ofLevel),
      ...special(),
      listing({
        title: "By rule",
        description: "Open findings of each rule. A click shows them.",
        queries: [{ expr: `sum by (rule, level) (${open}) > 0` }],
        by: ["rule", "level"],
        columns: [{ title: "Open", unit: "locale" }],
        unit: "short", decimals: 0, width: 8, height: 10, noData: noFindings,
        link: { title: "Findings",
          url: "${api}/v1/findings?status=open&rule=${__value.text:percentencode}" },
      }),
      course({
        title: "Opened, by level",
        description: "Findings opened, in each stretch of the time shown.",
        queries: [{
          expr: `sum by (level) (increase(${changes("change=\"opened\"")}[$__rate_interval]))`,
          legend: "{{level}}",
        }],
        unit: "short", decimals: 0, width: 16, height: 10,
        noData: noFindings, isStacked: true, isBars: true,
        colours: levelColours,
      }),
      ranking({
        title: "Age",
        description: "At least so many have been open for this long without a break.",
        queries: [
          { expr: `sum(${open})`, legend: "now" },
          ...["1h", "8h", "1d", "3d", "7d"].map((age) => ({
            // What was not yet watched then is not known to have been open.
            expr: `sum(min_over_time(${open}[${age}]) and ${open} offset ${age})\n` +
              `or 0 * sum(${open})`,
            legend: age,
          })),
        ],
        unit: "short", decimals: 0, width: 8, noData: noFindings,
        steps: [],
      }),
      course({
        title: "What became of findings",
        description: "Opened, grown worse, opened again, withdrawn.",
        queries: [{
          expr: "sum by (change) (increase(" +
            `${changes("change=~\"opened|worse|reopened|withdrawn\"")}[$__rate_interval]))`,
          legend: "{{change}}",
        }],
        unit: "short", decimals: 0, width: 16, noData: noFindings, isStacked: true, isBars: true,
        colours: { opened: "blue", worse: "red", reopened: "orange", withdrawn: "green" },
      }),
    ] },
    { title: "Response", panels: response() },
    { title: "Who was told", panels: told() },
  ],
});

function ofLevel(level: "critical" | "high" | "medium" | "low") {
  const alert = level === "critical" ? "TrailwardenCriticalFinding"
    : level === "high" ? "TrailwardenHighFinding" : null;
  return figure({
    title: `${level.charAt(0).toUpperCase()}${level.slice(1)}`,
    description: `Open findings of level ${level}.`,
    queries: [{ expr: `sum(trailwarden_open_findings{rule=~"$rule",level="${level}"})` }],
    unit: "short", width: 4, noData: noFindings,
    ...(alert === null ? {} : { alert }),
    link: { title: "These findings", url: `\${api}/v1/findings?status=open&minLevel=${level}` },
  });
}

function special() {
  return [
    figure({
      title: "Read-only writes",
      description: "Open findings of writes, or attempts, under read-only roles.",
      queries: [{ expr: "sum(trailwarden_open_findings{rule=\"write-under-readonly-role\"})" }],
      unit: "short", width: 4, noData: noFindings, alert: "TrailwardenReadOnlyWrite",
    }),
    figure({
      title: "Zombie use",
      description: "Open findings of credentials used after their task.",
      queries: [{ expr: "sum(trailwarden_open_findings{rule=\"zombie-use\"})" }],
      unit: "short", width: 4, noData: noFindings, alert: "TrailwardenZombieUse",
    }),
  ];
}

function response() {
  return [
    figure({
      title: "Violated",
      description: "Revocations in spite of which a call went through.",
      queries: [{ expr: "sum(trailwarden_revocations{state=\"violated\"})" }],
      unit: "short", width: 4, height: 8,
      noData: noRevocations, alert: "TrailwardenRevocationViolated",
      link: { title: "Revocations", url: "${api}/v1/revocations" },
    }),
    figure({
      title: "Not yet in force",
      description: "Approved revocations that are still to be carried out.",
      queries: [{ expr: "sum(trailwarden_revocations{state=\"approved\"})" }],
      unit: "short", width: 4, height: 8,
      noData: noRevocations, alert: "TrailwardenRevocationStuck",
      link: { title: "Revocations", url: "${api}/v1/revocations" },
    }),
    course({
      title: "Revocations by state",
      description: "Those of which something is left to do. Applied is read back from IAM, " +
        "confirmed by a call that was denied.",
      queries: [{ expr: "sum by (state) (trailwarden_revocations) > 0", legend: "{{state}}" }],
      unit: "short", decimals: 0, width: 8, noData: noRevocations, isStacked: true,
      colours: { requested: "blue", approved: "yellow", applied: "light-green",
        confirmed: "green", violated: "red", unobserved: "text" },
    }),
    course({
      title: "Time to revoke",
      description: "From request to force, people's yes included: half, and 95 of a hundred, " +
        "within.",
      queries: [["0.5", "half"], ["0.95", "95%"]].map(([quantile, legend = ""]) => ({
        expr: `histogram_quantile(${String(quantile)}, ` +
          "sum by (le) (increase(trailwarden_revocation_seconds_bucket[1h])))",
        legend,
      })),
      unit: "s", width: 8, noData: "Nothing was revoked within the hour.",
      alert: "TrailwardenRevocationSlow",
    }),
    course({
      title: "Calls of revoked sessions",
      description: "Denied is as it should be; succeeded is a revocation that does not hold.",
      queries: [{
        expr: "sum by (outcome) (increase(trailwarden_revocation_calls_total[$__rate_interval]))",
        legend: "{{outcome}}",
      }],
      unit: "short", decimals: 0, width: 8, noData: noRevocations, isStacked: true, isBars: true,
      colours: { denied: "green", succeeded: "red" },
    }),
    course({
      title: "Rounds",
      description: "How each round left a policy or key, where others than kept and written " +
        "stand in the way; and what rules and ended tasks wished for.",
      queries: [{
        expr: "sum by (outcome) (increase(trailwarden_revocation_rounds_total[$__rate_interval]))",
        legend: "{{outcome}}",
      }, {
        expr: "sum by (code) " +
          "(increase(trailwarden_revocation_failures_total[$__rate_interval])) > 0",
        legend: "AWS: {{code}}",
      }, {
        expr: "sum by (by, outcome) " +
          "(increase(trailwarden_revocation_wishes_total[$__rate_interval])) > 0",
        legend: "wish of {{by}}: {{outcome}}",
      }],
      unit: "short", decimals: 0, width: 8, noData: noRevocations, isStacked: true, isBars: true,
    }),
    figure({
      title: "Paused",
      description: "Whether responses are paused: 1 while they are.",
      queries: [{ expr: "max(trailwarden_response_paused)" }],
      unit: "bool_yes_no", width: 4, height: 8,
      noData: notScraped, alert: "TrailwardenResponsePaused",
    }),
    figure({
      title: "Tasks that went silent",
      description: "Tasks within the time shown whose end nobody told of.",
      queries: [{
        expr: "sum(increase(trailwarden_tasks_ended_total{outcome=\"lost\"}[$__range]))",
      }],
      unit: "short", decimals: 0, width: 4, height: 8, noData: notScraped,
      steps: [{ from: 1, colour: "notable" }],
    }),
  ];
}

function told() {
  return [
    course({
      title: "Messages told",
      description: "To each receiver, and how often in vain.",
      queries: [{
        expr: "sum by (receiver) (increase(trailwarden_outbox_told_total[$__rate_interval]))",
        legend: "{{receiver}}",
      }, {
        expr: "sum by (receiver) " +
          "(increase(trailwarden_outbox_failures_total[$__rate_interval])) > 0",
        legend: "{{receiver}}, in vain",
      }],
      unit: "short", decimals: 0, width: 8,
      noData: "The config has no sinks.", isBars: true, isStacked: true,
    }),
    course({
      title: "Messages waiting",
      description: "At every moment of the last quarter of an hour: what is told soon is none.",
      queries: [{
        expr: "max by (receiver) (min_over_time(trailwarden_outbox_messages[15m]))",
        legend: "{{receiver}}",
      }],
      unit: "short", decimals: 0, width: 8, noData: "The config has no sinks.",
      alert: "TrailwardenOutboxWaiting",
    }),
    ranking({
      title: "Receivers",
      description: "Whether each can be told: 1, or 0 while it is left alone.",
      queries: [{ expr: "min by (receiver) (trailwarden_receiver_up)", legend: "{{receiver}}" }],
      unit: "short", decimals: 0, max: 1, width: 8, noData: "The config has no sinks.",
      alert: "TrailwardenReceiverDown",
    }),
  ];
}
