import type { Alert } from "../alert.ts";

const shared = { area: "security", dashboard: "trailwarden-agent" } as const;
const sessions = (standing: string) =>
  `trailwarden_baseline_sessions{agent="aider",role="ro",standing="${standing}"}`;
const judged = "sum by (agent, role) (trailwarden_baseline_sessions{standing!=\"learning\"})";

/** Whether agents still behave as they did. */
export const baselineAlerts: readonly Alert[] = [
  {
    ...shared,
    name: "TrailwardenBaselineDrift",
    severity: "warning",
    value: "sum by (agent, role) (trailwarden_baseline_sessions{standing=~\"odd|unusual\"})\n" +
      `/ (${judged} > 0)`,
    compare: ">",
    threshold: 0.3,
    // One in ten is odd by construction: of 20, seven by chance are rarer than one in 400.
    and: `${judged} >= 20`,
    forMinutes: 60,
    summary: "An agent does not behave as it did.",
    description: "{{ $value | humanizePercentage }} of the sessions of {{ $labels.agent }} under " +
      "{{ $labels.role }} are odd; 10% are to be expected.",
    fires: {
      series: { [sessions("usual")]: "12x90", [sessions("odd")]: "6x90",
        [sessions("unusual")]: "6x90", [sessions("learning")]: "100x90" },
      minute: 80,
      alerts: [{
        labels: { agent: "aider", role: "ro" },
        description: "50% of the sessions of aider under ro are odd; 10% are to be expected.",
      }],
    },
    quiet: [
      { why: "as many as chance gives", series: { [sessions("usual")]: "45x90",
        [sessions("odd")]: "5x90" }, minute: 80 },
      { why: "too few to tell", series: { [sessions("usual")]: "1x90", [sessions("odd")]: "9x90" },
        minute: 80 },
    ],
  },
  {
    ...shared,
    name: "TrailwardenBaselinesTruncated",
    severity: "warning",
    value: "max(trailwarden_baselines_truncated)",
    compare: ">",
    threshold: 0,
    forMinutes: 60,
    summary: "Not every agent's baseline is kept whole.",
    description: "Agents' baselines that hold less than was seen, so that what is new may go " +
      "untold: {{ $value }}.",
    fires: {
      series: { "trailwarden_baselines_truncated": "3x90" },
      minute: 80,
      alerts: [{
        labels: {},
        description: "Agents' baselines that hold less than was seen, so that what is new may " +
          "go untold: 3.",
      }],
    },
    quiet: [{ why: "all are whole", series: { "trailwarden_baselines_truncated": "0x90" },
      minute: 80 }],
  },
];
