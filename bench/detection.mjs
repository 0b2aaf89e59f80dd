// How well baselines tell attacks from honest change, beside simple peers on the same sessions.
// What is measured and why: docs/detection-quality.md, whose tables this writes. Exits with 1 when
// a bound is missed.
//   npm run bench:detection -- [--seeds evaluation-1,evaluation-2] [--days 84] [--out <file>]
// Seeds that were looked at while the formulas were being chosen (dev-…) say nothing.
import console from "node:console";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";
import { parseArgs } from "node:util";
import { microsecondsPerEvent } from "./detection-cost.mjs";
import { distanceFromUniform, falseAlerts, isMature, recall } from "./detection-figures.mjs";
import { judgeSeason } from "./detection-judge.mjs";
import { bounds, kindTable, loudAndMedium, overall, seedTable } from "./detection-tables.mjs";

const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: [1, 2, 3, 4, 5].map((n) => `evaluation-${n}`).join() },
    days: { type: "string", default: "84" },
    out: {
      type: "string",
      default: fileURLToPath(new URL("../docs/detection-quality.md", import.meta.url)),
    },
  },
});

const seasons = options.seeds.split(",").map((seed) => {
  const season = judgeSeason(seed, { days: Number(options.days), attackEvery: 7, attackCount: 2 });
  const p = season.honest.filter(isMature).map(({ pValue }) => pValue);
  const figures = { ...falseAlerts(season.honest), distance: distanceFromUniform(p) };
  console.log(`${seed}: ${figures.perWeek.toFixed(2)} false alerts a role-week, distance ` +
    `${figures.distance.toFixed(3)}, recall ${recall(loudAndMedium(season.attacks)).toFixed(3)}`);
  return { ...season, figures };
});

const cost = microsecondsPerEvent();
const tables = [seedTable(seasons), kindTable(seasons), overall(seasons)];
const checks = bounds(seasons, cost);
const verdicts = checks.map(({ what, isMet }) => `- ${isMet ? "met" : "**missed**"}: ${what}`);
const text = [...tables, verdicts.join("\n")].join("\n\n");
console.log(text);
const page = readFileSync(options.out, "utf8");
const [before, rest = ""] = page.split("<!-- figures -->\n");
const after = rest.split("<!-- end of figures -->\n")[1] ?? "";
writeFileSync(options.out,
  `${before}<!-- figures -->\n${text}\n<!-- end of figures -->\n${after}`);
process.exitCode = checks.every(({ isMet }) => isMet) ? 0 : 1;
