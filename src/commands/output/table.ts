import Table from "cli-table3";
import type { Level } from "../../detections/detection.ts";
import { printable } from "../../text/printable.ts";
import { onStdout, type Colours } from "./colour.ts";

/** A level as a terminal shows it; plain where colour is off. */
export function levelText(level: Level, colours: Colours = onStdout): string {
  switch (level) {
    case "informational":
      return colours.dim(level);
    case "low":
      return colours.cyan(level);
    case "medium":
      return colours.yellow(level);
    case "high":
      return colours.red(level);
    case "critical":
      return colours.bold(colours.red(level));
  }
}

/** Rows under headings, no boxes: reads well at 3 a.m. and pastes well into a ticket. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const bare = {
    top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "",
    "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "",
    right: "", "right-mid": "", middle: "  ",
  };
  const lines = new Table({
    head: head.map((text) => onStdout.dim(text)),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  for (const row of rows) lines.push([...row]);
  return lines.toString().replace(/[ \t]+$/gm, "");
}

/** Untrusted text for a cell: one line, nothing that moves the cursor, `columnsMax` at most. */
export function cell(text: string | null, columnsMax = 60): string {
  const safe = printable(text ?? "-");
  return safe.length <= columnsMax ? safe : `${safe.slice(0, columnsMax - 1)}…`;
}

/** `2026-03-01 10:01:10` in UTC: what every table shows. */
export function instant(at: number | null): string {
  return at === null ? "-" : new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

/** `1 file`, `3 files`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
