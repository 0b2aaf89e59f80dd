// The tables of docs/detection-quality.md.
import { peers } from "./detection-peers.mjs";
import { falseAlerts, isMature, median, recall, recallOfPeer } from "./detection-figures.mjs";

export function loudAndMedium(attacks) {
  return attacks.filter((each) => isMature(each) && each.loudness !== "slow");
}

export function seedTable(seasons) {
  return table(
    ["seed", "honest sessions", "role-weeks", "false alerts a role-week", "distance of p-values",
      "recall, loud and medium", "recall, slow"],
    seasons.map(({ seed, honest, attacks, figures }) => [
      seed, honest.length, figures.weeks, figures.perWeek.toFixed(2), figures.distance.toFixed(3),
      percent(recall(loudAndMedium(attacks))), percent(recall(slow(attacks))),
    ]),
  );
}

export function kindTable(seasons) {
  const attacks = seasons.flatMap((season) => season.attacks).filter(isMature);
  const kinds = [...new Map(attacks.map((each) => [each.kind, each.loudness]))];
  return table(
    ["attack", "", "sessions", "found", "after calls", "after seconds",
      ...peers.map(({ name }) => name)],
    kinds.map(([kind, loudness]) => {
      const of = attacks.filter((each) => each.kind === kind);
      const delays = of.filter(({ isUnusual }) => isUnusual).map(({ delay }) => delay);
      return [
        kind, loudness, of.length, percent(recall(of)),
        median(delays.map(({ calls }) => calls)) ?? "-",
        median(delays.map(({ seconds }) => seconds)) ?? "-",
        ...peersOn(seasons, of).map(percent),
      ];
    }),
  );
}

export function overall(seasons) {
  const all = seasons.flatMap(({ attacks }) => attacks).filter(isMature);
  const parts = [["loud and medium", loudAndMedium(all)], ["slow", slow(all)], ["all", all]];
  return table(
    ["attacks", "baselines", ...peers.map(({ name }) => name)],
    parts.map(([name, of]) => [name, percent(recall(of)), ...peersOn(seasons, of).map(percent)]),
  );
}

/** What the issue of baselines promises. */
export function bounds(seasons, cost) {
  const attacks = seasons.flatMap((season) => season.attacks).filter(isMature);
  const own = recall(attacks);
  const most = (of) => Math.max(...seasons.map(({ figures }) => figures[of]));
  const best = Math.max(...peersOn(seasons, attacks));
  const found = recall(loudAndMedium(attacks));
  const cold = seasons.flatMap(({ honest }) => honest).filter((each) => !isMature(each));
  const coldCount = cold.filter(({ isUnusual }) => isUnusual).length;
  return [
    bound("at most 1 false alert a role-week on every seed", most("perWeek"), (x) => x <= 1),
    bound("p-values of honest sessions within 0.08 of uniform on every seed",
      most("distance"), (x) => x < 0.08),
    bound("at least 95 % of loud and medium attacks found", found, (x) => x >= 0.95),
    bound("more attacks found than by the best peer at as many false alerts " +
      `(${percent(best)})`, own, (x) => x > best),
    bound("less than 5 µs an event", cost, (x) => x < 5),
    { what: `of ${cold.length} honest sessions of roles that still learn, ${coldCount} would ` +
      "have been told with low confidence", isMet: true },
  ];
}

function bound(what, value, holds) {
  return { what: `${what}: ${value.toFixed(3)}`, isMet: holds(value) };
}

function slow(attacks) {
  return attacks.filter((each) => isMature(each) && each.loudness === "slow");
}

function peersOn(seasons, attacks) {
  const honest = seasons.flatMap((season) => season.honest).filter(isMature);
  const falseCount = falseAlerts(honest).count;
  return peers.map((_, i) => recallOfPeer(i, { honest, attacks, falseCount }));
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function percent(share) {
  return Number.isNaN(share) ? "-" : `${(share * 100).toFixed(0)} %`;
}
