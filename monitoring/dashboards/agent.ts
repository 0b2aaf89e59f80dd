import { framed } from "./frame.ts";
import { band, course, figure, listing, ranking } from "./panels.ts";
import { noAgents, noLearning } from "./wording.ts";

const chosen = "agent=~\"$agent\",role=~\"$role\"";
const calls = (matchers = "") => `trailwarden_events_total{${chosen}${matchers}}`;

export const agent = () => framed({
  uid: "trailwarden-agent",
  title: "Agent and role",
  description: "One agent under one role: what it does, against what it used to do.",
  from: "now-24h",
  variables: [
    { name: "agent", label: "Agent", of: "trailwarden_events_total{agent!=\"none\"}",
      isSingle: true },
    { name: "role", label: "Role", of: "trailwarden_events_total{agent=\"$agent\"}" },
  ],
  rows: [
    { title: "$agent", panels: [...figures(), ...doings()] },
    { title: "Against its baseline", panels: [
      measured("Calls in a session", "calls", "short"),
      measured("Writes in a session", "writes", "short"),
      measured("Denials in a session", "denials", "short"),
      measured("Length of a session", "minutes", "m"),
      ...standings(),
    ] },
    { title: "First seen, and lifetimes", panels: news() },
  ],
});

function figures() {
  return [
    figure({
      title: "Calls",
      description: "Within the time shown.",
      queries: [{ expr: `sum(increase(${calls()}[$__range]))` }],
      unit: "short", decimals: 0, width: 4, noData: noAgents, isPlain: true,
    }),
    figure({
      title: "Writes",
      description: "Share of calls that change data, permissions or tags.",
      queries: [{
        expr: `(sum(increase(${calls(",access=~\"write|permissions|tagging\"")}[$__range])) ` +
          "or vector(0))\n" +
          `/ (sum(increase(${calls()}[$__range])) > 0)`,
      }],
      unit: "percentunit", decimals: 1, width: 4, noData: noAgents, isPlain: true,
    }),
    figure({
      title: "Denied",
      description: "Share of calls that AWS denied.",
      queries: [{
        expr: `(sum(increase(${calls(",result=\"denied\"")}[$__range])) or vector(0))\n` +
          `/ (sum(increase(${calls()}[$__range])) > 0)`,
      }],
      unit: "percentunit", decimals: 1, width: 4, noData: noAgents, isPlain: true,
    }),
    figure({
      title: "Live credentials",
      description: "Of the agent, under any role, that have not expired.",
      queries: [{ expr: "sum(trailwarden_live_credentials{agent=~\"$agent\"}) " +
        "or 0 * max(trailwarden_build_info)" }],
      unit: "short", width: 4, noData: noAgents,
    }),
    figure({
      title: "Zombies",
      description: "Its credentials valid now though their task has ended.",
      queries: [{ expr: "sum(trailwarden_zombie_credentials{agent=~\"$agent\"}) " +
        "or 0 * max(trailwarden_build_info)" }],
      unit: "short", width: 4, noData: noAgents, steps: [{ from: 1, colour: "notable" }],
    }),
    figure({
      title: "Odd sessions",
      description: "Share of its judged sessions of 24 hours that are rarer than one in ten: a " +
        "tenth is to be expected.",
      queries: [{
        expr: `sum(trailwarden_baseline_sessions{${chosen},standing=~"odd|unusual"})\n` +
          `/ (sum(trailwarden_baseline_sessions{${chosen},standing!="learning"}) > 0)`,
      }],
      unit: "percentunit", decimals: 0, width: 4, noData: noLearning,
      alert: "TrailwardenBaselineDrift",
    }),
  ];
}

function doings() {
  return [
    course({
      title: "Calls by what they do",
      description: "Calls a minute by access: reading, listing, writing, permissions, and so on.",
      queries: [{
        expr: `sum by (access) (rate(${calls()}[$__rate_interval])) * 60`, legend: "{{access}}",
      }],
      unit: "short", width: 12, noData: noAgents, isStacked: true, isBars: true,
      colours: { read: "blue", list: "light-blue", write: "orange", permissions: "red",
        tagging: "yellow", credential: "purple" },
    }),
    course({
      title: "Calls by result",
      description: "Calls a minute that were allowed, denied, failed, or only tried (dry run).",
      queries: [{
        expr: `sum by (result) (rate(${calls()}[$__rate_interval])) * 60`, legend: "{{result}}",
      }],
      unit: "short", width: 12, noData: noAgents, isStacked: true, isBars: true,
      colours: { allowed: "green", denied: "red", failed: "orange", "dry-run": "blue" },
    }),
  ];
}

/** Of the roles chosen, the widest band and the largest sessions. */
function measured(title: string, measure: string, unit: string) {
  const baseline = (quantile: string, of: "min" | "max") =>
    `${of}(trailwarden_baseline_measure{${chosen},measure="${measure}",quantile="${quantile}"})`;
  const session = (quantile: string) =>
    `max(trailwarden_session_measure{${chosen},measure="${measure}",quantile="${quantile}"})`;
  return band({
    title,
    description: "Sessions of the last 24 hours, and the band that nine in ten sessions of the " +
      "28 days before were in.",
    low: { expr: baseline("0.05", "min"), legend: "normal, from" },
    high: { expr: baseline("0.95", "max"), legend: "normal, to" },
    within: [
      { expr: session("0.5"), legend: "median session" },
      { expr: session("0.95"), legend: "one in twenty above" },
    ],
    unit, width: 6, noData: noLearning,
    colours: { "median session": "green", "one in twenty above": "orange" },
  });
}

function standings() {
  return [
    course({
      title: "How usual its sessions are",
      description: "Sessions of the last 24 hours by their standing: odd are rarer than one in " +
        "ten, unusual raise findings, learning have too little to be compared with.",
      queries: [{
        expr: `sum by (standing) (trailwarden_baseline_sessions{${chosen}})`,
        legend: "{{standing}}",
      }],
      unit: "short", width: 12, noData: noLearning, isStacked: true,
      colours: { usual: "green", odd: "yellow", unusual: "red", learning: "blue" },
    }),
    figure({
      title: "Baselines",
      description: "Of everyone in every role: mature, or still learning.",
      queries: [{ expr: "sum by (maturity) (trailwarden_baselines)", legend: "{{maturity}}" }],
      unit: "short", width: 6, height: 8, noData: noLearning,
    }),
    figure({
      title: "Cut baselines",
      description: "Of all agents: baselines that hold less than was seen.",
      queries: [{ expr: "max(trailwarden_baselines_truncated)" }],
      unit: "short", width: 6, height: 8, noData: noLearning,
      alert: "TrailwardenBaselinesTruncated",
    }),
  ];
}

function news() {
  const first = "change=\"opened\",rule=~\"first-seen-.*\"";
  return [
    listing({
      title: "First seen",
      description: "Findings of things that roles never did before, of all agents, within the " +
        "time shown. A click shows them.",
      queries: [{
        expr: `sum by (rule) (increase(trailwarden_finding_changes_total{${first}}[$__range])) > 0`,
      }],
      by: ["rule"],
      columns: [{ title: "Findings", unit: "locale" }],
      unit: "short", decimals: 0, width: 8, noData: "Nothing was done for the first time.",
      link: { title: "Findings", url: "${api}/v1/findings?rule=${__value.text:percentencode}" },
    }),
    course({
      title: "Lifetimes",
      description: "Hours of its credentials issued within 24 hours: issued, used, and zombie.",
      queries: [{
        expr: `sum by (part) (trailwarden_credential_seconds{${chosen}}) / 3600`,
        legend: "{{part}}",
      }],
      unit: "h", width: 8, noData: "No credentials were issued.",
      colours: { issued: "blue", used: "green", zombie: "red", saved: "purple" },
    }),
    ranking({
      title: "Lifetime used, by role",
      description: "Of the time for which its credentials were issued, the share in which they " +
        "were used.",
      queries: [{
        expr: `sum by (role) (trailwarden_credential_seconds{${chosen},part="used"})\n` +
          `/ (sum by (role) (trailwarden_credential_seconds{${chosen},part="issued"}) > 0)`,
        legend: "{{role}}",
      }],
      unit: "percentunit", decimals: 0, max: 1, width: 8, noData: "No credentials were issued.",
    }),
  ];
}
