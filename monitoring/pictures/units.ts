/** A value as Grafana would write it, in the units that our dashboards use. */
export function written(value: number, unit: string, decimals?: number): string {
  switch (unit) {
    case "s": return length(value, decimals);
    case "m": return length(value * 60, decimals);
    case "h": return length(value * 3600, decimals);
    case "percentunit": return `${fixed(value * 100, decimals ?? 1)}%`;
    case "bytes": return scaled(value, 1024, ["B", "KiB", "MiB", "GiB"]);
    case "Bps": return scaled(value, 1000, ["B/s", "kB/s", "MB/s", "GB/s"]);
    case "cps": return `${plain(value, decimals)} c/s`;
    case "reqps": return `${plain(value, decimals)} req/s`;
    case "bool_yes_no": return value === 0 ? "No" : "Yes";
    default: return plain(value, decimals);
  }
}

const steps: readonly (readonly [number, string])[] = [
  [1, "s"], [60, "min"], [3600, "h"], [86_400, "d"],
];

function length(seconds: number, decimals?: number): string {
  if (seconds === 0) return "0 s";
  if (Math.abs(seconds) < 1) return `${fixed(seconds * 1000, 0)} ms`;
  const [size, name] = steps.findLast(([from]) => Math.abs(seconds) >= from) ?? [1, "s"];
  return `${fixed(seconds / size, decimals ?? 1)} ${name}`;
}

function plain(value: number, decimals?: number): string {
  if (Math.abs(value) >= 10_000) return scaled(value, 1000, ["", "K", "M", "G"]);
  if (decimals === undefined && value !== 0 && Math.abs(value) < 0.1) {
    return String(Number(value.toPrecision(2)));
  }
  return fixed(value, decimals ?? (Number.isInteger(value) ? 0 : 2));
}

function scaled(value: number, by: number, names: readonly string[]): string {
  let size = value;
  let step = 0;
  while (Math.abs(size) >= by && step < names.length - 1) {
    size /= by;
    step += 1;
  }
  return `${fixed(size, step === 0 ? 0 : 1)} ${names[step] ?? ""}`.trim();
}

/** Without the zeros at the end. */
function fixed(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}
