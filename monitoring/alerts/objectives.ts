import type { Alert } from "../alert.ts";
import { burns, missedDetection, missedRecords, objectives } from "../recordings.ts";

type Speed = keyof typeof burns;

/** So few findings late, or records rejected, are no trend. */
const fewest = { detection: 5, completeness: 20 };

interface Objective {
  readonly title: string;
  readonly key: keyof typeof objectives;
  readonly missed: (window: string) => string;
  /** How many missed it within a window. */
  readonly count: (window: string) => string;
  readonly means: string;
  readonly series: (missedEach: number, ofEach: number) => Readonly<Record<string, string>>;
}

const detection: Objective = {
  title: "Detection",
  key: "detection",
  missed: missedDetection,
  count: (window) => `(sum(increase(trailwarden_detection_seconds_count[${window}]))\n` +
    `- sum(increase(trailwarden_detection_seconds_bucket{le="1"}[${window}])))`,
  means: "findings came more than a second after their delivery",
  series: (missed, all) => ({
    "trailwarden_detection_seconds_bucket{le=\"1\"}": `0+${all - missed}x1200`,
    "trailwarden_detection_seconds_bucket{le=\"+Inf\"}": `0+${all}x1200`,
    "trailwarden_detection_seconds_count": `0+${all}x1200`,
  }),
};

const completeness: Objective = {
  title: "Completeness",
  key: "completeness",
  missed: missedRecords,
  count: (window) =>
    `sum(increase(trailwarden_records_total{outcome="rejected"}[${window}]))`,
  means: "records could not be read",
  series: (missed, all) => ({
    "trailwarden_records_total{source=\"trail\",outcome=\"new\"}": `0+${all - missed}x1200`,
    "trailwarden_records_total{source=\"trail\",outcome=\"rejected\"}": `0+${missed}x1200`,
  }),
};

/** Promises that are spent too fast: fast enough to wake somebody, or to look today. */
export const objectiveAlerts: readonly Alert[] = [
  burning(detection, "fast", { missed: 5, of: 10, percent: "50%", calm: [1, 10] }),
  burning(detection, "slow", { missed: 1, of: 50, percent: "2%", calm: [1, 200] }),
  burning(completeness, "fast", { missed: 5, of: 100, percent: "5%", calm: [1, 100] }),
  burning(completeness, "slow", { missed: 1, of: 500, percent: "0.2%", calm: [1, 2000] }),
];

interface Story {
  readonly missed: number;
  readonly of: number;
  readonly percent: string;
  /** Missed, of how many, where it is quiet. */
  readonly calm: readonly [number, number];
}

function burning(objective: Objective, speed: Speed, story: Story): Alert {
  const { title, key, missed, count, means, series } = objective;
  const { rate, long, short } = burns[speed];
  const threshold = Number((rate * (1 - objectives[key])).toPrecision(12));
  const text = (share: string) => `${share} of ${means} within ${long}: ${promise(key)}.`;
  const minute = speed === "fast" ? 90 : 74 * 60;
  return {
    name: `Trailwarden${title}Budget${speed === "fast" ? "Fast" : "Slow"}`,
    severity: speed === "fast" ? "critical" : "warning",
    area: "objectives",
    value: missed(long),
    compare: ">",
    threshold,
    and: `${missed(short)} > ${threshold}\nand ${count(long)} >= ${fewest[key]}`,
    forMinutes: speed === "fast" ? 2 : 60,
    labels: { objective: key },
    dashboard: "trailwarden-pipeline",
    ...(speed === "fast" ? {} : { testedEvery: 4 }),
    summary: speed === "fast"
      ? `${title}: a month's budget is gone in two days.`
      : `${title}: more is missed than is promised.`,
    description: text("{{ $value | humanizePercentage }}"),
    fires: {
      series: series(story.missed, story.of),
      minute,
      alerts: [{ labels: {}, description: text(story.percent) }],
    },
    quiet: [
      { why: "the budget allows for it", series: series(...story.calm), minute },
      { why: "nothing happened", series: series(0, 0), minute },
    ],
  };
}

function promise(key: keyof typeof objectives): string {
  const percent = Number(((1 - objectives[key]) * 100).toPrecision(6));
  return `${percent}% may, over a month`;
}
