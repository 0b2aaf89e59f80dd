import { open } from "node:fs/promises";
import { findingJson } from "../findings/finding-json.ts";
import type { SinkConfig } from "../config/schema.ts";
import type { Sink } from "./sink.ts";

/**
 * Appends one JSON line a word to a file: `seq`, `version`, and the finding as `findings --format
 * ndjson` prints it. On disk before it counts as told; a line that came twice has the same `seq`.
 */
export function fileSink({ name, path }: SinkConfig): Sink {
  return {
    name,
    tell: async (words) => {
      const lines = words.map(({ seq, version, finding }) =>
        `${JSON.stringify({ seq, version, ...findingJson(finding) })}\n`);
      const file = await open(path, "a", 0o600);
      try {
        await file.writeFile(lines.join(""));
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}
