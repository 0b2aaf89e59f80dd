import { framed } from "./frame.ts";
import { course, figure, listing, ranking } from "./panels.ts";
import { noAgents, noFindings, notScraped, others, reads, writes } from "./wording.ts";

const chosen = "agent=~\"$agent\",agent!=\"none\"";
const perMinute = (matchers: string, by = "") =>
  `sum${by} (rate(trailwarden_events_total{${chosen},${matchers}}[$__rate_interval])) * 60`;
const seconds = (part: string) => `trailwarden_credential_seconds{${chosen},part="${part}"}`;

export const fleet = () => framed({
  uid: "trailwarden-fleet",
  title: "Fleet overview",
  description: "What AI agents do in your AWS accounts right now, and what they leave behind.",
  from: "now-24h",
  variables: [{ name: "agent", label: "Agent", of: "trailwarden_events_total" }],
  rows: [
    { title: "Now", panels: now() },
    { title: "What they do", panels: [
      course({
        title: "Reads and writes",
        description: "Calls of agents a minute. Writes change data, permissions or tags.",
        queries: [
          { expr: perMinute(reads), legend: "reads" },
          { expr: perMinute(writes), legend: "writes" },
          { expr: perMinute(others), legend: "others" },
        ],
        unit: "short", width: 12, noData: noAgents, isStacked: true, isBars: true,
        colours: { reads: "blue", writes: "orange", others: "purple" },
      }),
      course({
        title: "Denied calls",
        description: "Calls a minute that AWS denied, by agent. A sudden rise is an agent that " +
          "tries what it may not.",
        queries: [{ expr: perMinute("result=\"denied\"", " by (agent)"), legend: "{{agent}}" }],
        unit: "short", width: 12, noData: noAgents, isStacked: true, isBars: true,
      }),
      listing({
        title: "Agents",
        description: "Each agent's calls within the time shown. A click shows its sessions.",
        queries: [
          { expr: `sum by (agent) (increase(trailwarden_events_total{${chosen}}[$__range])) > 0` },
          { expr: `sum by (agent) (increase(trailwarden_events_total{${chosen},${writes}}` +
            "[$__range]))" },
          { expr: `sum by (agent) (increase(trailwarden_events_total{${chosen},result="denied"}` +
            "[$__range]))" },
          { expr: `sum by (agent) (trailwarden_live_sessions{${chosen}})` },
        ],
        by: ["agent"],
        columns: [
          { title: "Calls", unit: "locale" }, { title: "Writes", unit: "locale" },
          { title: "Denied", unit: "locale" }, { title: "Live sessions", unit: "locale" },
        ],
        unit: "short", decimals: 0, width: 12, noData: noAgents,
        link: { title: "Sessions", url: "${api}/v1/sessions?agent=${__value.text:percentencode}" },
      }),
      course({
        title: "Live sessions",
        description: "Sessions with a credential that has not expired, by agent.",
        queries: [{
          expr: `sum by (agent) (trailwarden_live_sessions{${chosen}})`, legend: "{{agent}}",
        }],
        unit: "short", decimals: 0, width: 12, noData: noAgents, isStacked: true,
      }),
    ] },
    { title: "What they leave behind", panels: [
      course({
        title: "Zombies",
        description: "Credentials that are valid though their task has ended, by agent.",
        queries: [{
          expr: `sum by (agent) (trailwarden_zombie_credentials{${chosen}})`, legend: "{{agent}}",
        }],
        unit: "short", decimals: 0, width: 12, noData: "No credential outlives its task.",
        isStacked: true,
      }),
      ranking({
        title: "Zombie hours within a day",
        description: "By how much credentials issued within 24 hours outlive their tasks: 24 " +
          "hours are one credential lying about at any moment.",
        queries: [{ expr: `sort_desc(sum by (agent) (${seconds("zombie")}) / 3600)`,
          legend: "{{agent}}" }],
        unit: "short", decimals: 1, width: 6, noData: "No credentials were issued.",
        alert: "TrailwardenZombieHours",
      }),
      ranking({
        title: "Lifetime used",
        description: "Of the time for which credentials were issued, the share in which they " +
          "were used. The rest is what a thief has.",
        queries: [{
          expr: `sort(sum by (agent) (${seconds("used")}) / (sum by (agent) ` +
            `(${seconds("issued")}) > 0))`,
          legend: "{{agent}}",
        }],
        unit: "percentunit", decimals: 0, max: 1, width: 6, noData: "No credentials were issued.",
        steps: [],
      }),
    ] },
  ],
});

function now() {
  return [
    figure({
      title: "Agents at work",
      description: "Agents with a live session, declared or discovered.",
      queries: [{ expr: `count(sum by (agent) (trailwarden_live_sessions{${chosen}}) > 0) ` +
        "or 0 * max(trailwarden_build_info)" }],
      unit: "short", width: 3, noData: notScraped,
    }),
    figure({
      title: "Live sessions",
      description: "Sessions of agents with a credential that has not expired.",
      queries: [{ expr: `sum(trailwarden_live_sessions{${chosen}}) ` +
        "or 0 * max(trailwarden_build_info)" }],
      unit: "short", width: 3, noData: notScraped,
    }),
    figure({
      title: "Undeclared",
      description: "Live sessions of agents that the config does not know.",
      queries: [{ expr: "sum(trailwarden_live_sessions{attribution=\"discovered\"}) " +
        "or 0 * max(trailwarden_build_info)" }],
      unit: "short", width: 3, noData: notScraped, alert: "TrailwardenUnverifiedAgents",
    }),
    figure({
      title: "Zombies",
      description: "Credentials valid now though their task has ended.",
      queries: [{ expr: `sum(trailwarden_zombie_credentials{${chosen}}) ` +
        "or 0 * max(trailwarden_build_info)" }],
      unit: "short", width: 3, noData: notScraped, steps: [{ from: 1, colour: "notable" }],
    }),
    figure({
      title: "Zombie hours a day",
      description: "By how much the credentials issued within 24 hours outlive their tasks.",
      queries: [{ expr: `sum(${seconds("zombie")}) / 3600` }],
      unit: "short", decimals: 1, width: 3, noData: "No credentials were issued.",
    }),
    figure({
      title: "Hours saved",
      description: "Validity that revocations took from the credentials issued within 24 hours.",
      queries: [{ expr: `sum(${seconds("saved")}) / 3600` }],
      unit: "short", decimals: 1, width: 3, noData: "Nothing was revoked.",
    }),
    figure({
      title: "Critical",
      description: "Critical findings that are open.",
      queries: [{ expr: "sum(trailwarden_open_findings{level=\"critical\"})" }],
      unit: "short", width: 3, noData: noFindings, alert: "TrailwardenCriticalFinding",
      link: { title: "These findings", url: "${api}/v1/findings?status=open&minLevel=critical" },
    }),
    figure({
      title: "High",
      description: "High findings that are open.",
      queries: [{ expr: "sum(trailwarden_open_findings{level=\"high\"})" }],
      unit: "short", width: 3, noData: noFindings, alert: "TrailwardenHighFinding",
      link: { title: "These findings", url: "${api}/v1/findings?status=open&minLevel=high" },
    }),
  ];
}
