/** Grafana's dark theme, as far as our dashboards use it. */
export const theme = {
  page: "#111217", panel: "#181b1f", border: "#25272c", text: "#d0d1da", faint: "#8e8f99",
  grid: "#2a2c32",
} as const;

const named: Readonly<Record<string, string>> = {
  green: "#73bf69", "light-green": "#96d98d", yellow: "#f2cc0c", orange: "#ff9830",
  red: "#f2495c", "dark-red": "#c4162a", blue: "#5794f2", "light-blue": "#8ab8ff",
  purple: "#b877d9", text: theme.text,
};
const palette = [
  "#73bf69", "#f2cc0c", "#8ab8ff", "#ff780a", "#f2495c", "#5794f2", "#b877d9", "#705da0",
  "#37872d", "#fade2a", "#447ebc", "#c15c17", "#890f02", "#0a437c", "#6d1f62",
];

export function colourNamed(name: string): string {
  return named[name] ?? name;
}

export function colourAt(i: number): string {
  return palette[i % palette.length] ?? theme.text;
}

/** The colour of the last step that the value has reached. */
export function colourOf(
  value: number,
  steps: readonly { readonly value: number | null; readonly color: string }[],
): string {
  const reached = steps.findLast((step) => step.value === null || value >= step.value);
  return colourNamed(reached?.color ?? "text");
}
