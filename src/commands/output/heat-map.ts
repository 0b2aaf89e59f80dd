/** A week's hours from Monday 00:00 UTC, in shades: five of them, by share of the busiest hour. */
export function heatMap(hours: readonly number[]): string {
  const most = Math.max(1, ...hours);
  const rows = days.map((day, i) => {
    const ofDay = hours.slice(i * 24, i * 24 + 24);
    return `${day}   ${ofDay.map((count) => shadeOf(count / most)).join("")}`;
  });
  return ["UTC   0     6     12    18", ...rows].map((line) => line.trimEnd()).join("\n");
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const shades = ["░", "▒", "▓", "█"];

function shadeOf(share: number): string {
  return share === 0 ? "·" : (shades[Math.ceil(share * shades.length) - 1] ?? "█");
}

/** Counts as bars, one column each; the highest fills its column. */
export function sparkline(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) =>
    count === 0 ? "·" : (bars[Math.ceil((count / most) * bars.length) - 1] ?? "█")).join("");
}

const bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
