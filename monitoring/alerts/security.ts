import type { Alert } from "../alert.ts";

const findings = { area: "security", dashboard: "trailwarden-findings" } as const;
const fleet = { area: "security", dashboard: "trailwarden-fleet" } as const;
const open = (rule: string, level: string) =>
  `trailwarden_open_findings{rule="${rule}",level="${level}"}`;

/** Rules with an alert of their own: they say more than a level does. */
const readOnlyRule = "write-under-readonly-role";
const zombieRule = "zombie-use";

/** What agents did, and what became of it. Alerts on findings end when somebody closes those. */
export const securityAlerts: readonly Alert[] = [
  {
    ...findings,
    name: "TrailwardenCriticalFinding",
    severity: "critical",
    value: "sum by (rule) (trailwarden_open_findings{level=\"critical\"})",
    compare: ">",
    threshold: 0,
    forMinutes: 0,
    summary: "A critical finding is open.",
    description: "Open critical findings of {{ $labels.rule }}: {{ $value }}.",
    fires: {
      series: { [open("kill-chain", "critical")]: "0x5 1x10" },
      minute: 6,
      alerts: [{
        labels: { rule: "kill-chain" },
        description: "Open critical findings of kill-chain: 1.",
      }],
    },
    quiet: [
      { why: "it was closed", series: { [open("kill-chain", "critical")]: "1x5 0x10" }, minute: 8 },
      { why: "it is high only", series: { [open("kill-chain", "high")]: "1x10" }, minute: 8 },
    ],
  },
  {
    ...findings,
    name: "TrailwardenHighFinding",
    severity: "warning",
    value: "sum by (rule) (trailwarden_open_findings{level=\"high\"})",
    compare: ">",
    threshold: 0,
    forMinutes: 5,
    summary: "A high finding is open.",
    description: "Open high findings of {{ $labels.rule }}: {{ $value }}.",
    fires: {
      series: { [open("self-escalation", "high")]: "2x20" },
      minute: 10,
      alerts: [{
        labels: { rule: "self-escalation" },
        description: "Open high findings of self-escalation: 2.",
      }],
    },
    quiet: [
      { why: "it was withdrawn at once", series: { [open("self-escalation", "high")]:
        "0 1x2 0x10" }, minute: 10 },
      { why: "a medium one", series: { [open("self-escalation", "medium")]: "1x20" }, minute: 10 },
    ],
  },
  {
    ...findings,
    name: "TrailwardenManyFindings",
    severity: "warning",
    value: "sum by (level) (increase(trailwarden_finding_changes_total" +
      "{change=\"opened\",level=~\"low|medium\"}[1h]))",
    compare: ">",
    threshold: 100,
    forMinutes: 5,
    summary: "Findings of lower levels come in a flood.",
    description: "{{ $value | printf \"%.0f\" }} findings of level {{ $labels.level }} were " +
      "opened " +
      "within an hour.",
    fires: {
      series: { "trailwarden_finding_changes_total{rule=\"a\",level=\"low\",change=\"opened\"}":
        "0+3x120" },
      minute: 90,
      alerts: [{
        labels: { level: "low" },
        description: "180 findings of level low were opened within an hour.",
      }],
    },
    quiet: [{ why: "a working day", series: {
      "trailwarden_finding_changes_total{rule=\"a\",level=\"low\",change=\"opened\"}": "0+1x120",
      "trailwarden_finding_changes_total{rule=\"a\",level=\"low\",change=\"withdrawn\"}": "0+9x120",
    }, minute: 90 }],
  },
  {
    ...findings,
    name: "TrailwardenReadOnlyWrite",
    severity: "critical",
    value: `sum by (rule, level) (trailwarden_open_findings{rule="${readOnlyRule}"})`,
    compare: ">",
    threshold: 0,
    forMinutes: 0,
    summary: "An agent wrote, or tried to, under a read-only role.",
    description: "Open {{ $labels.level }} findings of writes under read-only roles: " +
      "{{ $value }}.",
    fires: {
      series: {
        [open(readOnlyRule, "critical")]: "0x5 1x10", [open(readOnlyRule, "medium")]: "0x15",
      },
      minute: 6,
      alerts: [{
        labels: { rule: readOnlyRule, level: "critical" },
        description: "Open critical findings of writes under read-only roles: 1.",
      }],
    },
    quiet: [{ why: "another rule", series: { [open("kill-chain", "critical")]: "1x10" },
      minute: 8 }],
  },
  {
    ...findings,
    name: "TrailwardenZombieUse",
    severity: "critical",
    value: `sum by (rule, level) (trailwarden_open_findings{rule="${zombieRule}"})`,
    compare: ">",
    threshold: 0,
    forMinutes: 0,
    summary: "A credential was used after its task had ended.",
    description: "Open {{ $labels.level }} findings of zombie use: {{ $value }}.",
    fires: {
      series: { [open(zombieRule, "high")]: "0x5 2x10" },
      minute: 6,
      alerts: [{
        labels: { rule: zombieRule, level: "high" },
        description: "Open high findings of zombie use: 2.",
      }],
    },
    quiet: [{ why: "there are zombies, and nobody uses them", series: {
      [open(zombieRule, "high")]: "0x10", "trailwarden_zombie_credentials{agent=\"aider\"}": "9x10",
    }, minute: 8 }],
  },
  {
    ...fleet,
    name: "TrailwardenZombieHours",
    severity: "warning",
    value: "sum by (agent) (trailwarden_credential_seconds{part=\"zombie\"}) / 3600",
    compare: ">",
    threshold: 24,
    forMinutes: 30,
    summary: "At any moment an agent leaves a credential about.",
    description: "Credentials of {{ $labels.agent }} outlived their tasks by " +
      "{{ $value | printf \"%.1f\" }} hours within a day.",
    fires: {
      series: {
        "trailwarden_credential_seconds{agent=\"aider\",role=\"a\",part=\"zombie\"}": "72000x60",
        "trailwarden_credential_seconds{agent=\"aider\",role=\"b\",part=\"zombie\"}": "36000x60",
      },
      minute: 40,
      alerts: [{
        labels: { agent: "aider" },
        description: "Credentials of aider outlived their tasks by 30.0 hours within a day.",
      }],
    },
    quiet: [{ why: "twenty hours are less than a day", series: {
      "trailwarden_credential_seconds{agent=\"aider\",role=\"a\",part=\"zombie\"}": "72000x60",
      "trailwarden_credential_seconds{agent=\"aider\",role=\"a\",part=\"issued\"}": "720000x60",
    }, minute: 40 }],
  },
  {
    ...fleet,
    name: "TrailwardenUnverifiedAgents",
    severity: "warning",
    value: "sum by (agent) (trailwarden_live_sessions{attribution=\"discovered\"})",
    compare: ">",
    threshold: 0,
    forMinutes: 10,
    summary: "An agent works that nobody declared.",
    description: "The config does not know {{ $labels.agent }}; its live sessions: {{ $value }}.",
    fires: {
      series: { "trailwarden_live_sessions{agent=\"codex\",attribution=\"discovered\"}": "2x20" },
      minute: 15,
      alerts: [{
        labels: { agent: "codex" },
        description: "The config does not know codex; its live sessions: 2.",
      }],
    },
    quiet: [{ why: "all are declared", series: {
      "trailwarden_live_sessions{agent=\"aider\",attribution=\"declared\"}": "5x20",
      "trailwarden_live_sessions{agent=\"none\",attribution=\"none\"}": "50x20",
    }, minute: 15 }],
  },
];
