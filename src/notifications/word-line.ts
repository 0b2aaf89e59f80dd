import type { SinkOf } from "../config/schema.ts";
import { findingJson } from "../findings/finding-json.ts";
import { ocsfFinding } from "../findings/ocsf.ts";
import { version } from "../version.ts";
import type { Word } from "./sink.ts";

/** A word as JSON: `seq`, `version`, and the finding as `findings --format ndjson` prints it. */
export function wordJson({ seq, version: what, finding }: Word): object {
  return { seq, version: what, ...findingJson(finding) };
}

/** One line of a file, with its end. */
export function wordLine(word: Word, format: SinkOf<"file">["format"]): string {
  const json = format === "ocsf" ? ocsfFinding(word.finding, version) : wordJson(word);
  return `${JSON.stringify(json)}\n`;
}

/**
 * The same, for who takes so many bytes at most: what decided may be large, and is left out first.
 */
export function boundedWordJson(word: Word, bytesMax: number): string {
  const whole = JSON.stringify(wordJson(word));
  if (Buffer.byteLength(whole) <= bytesMax) return whole;
  return JSON.stringify({ ...wordJson(word), values: {} });
}
