import { open } from "node:fs/promises";
import type { SinkOf } from "../config/schema.ts";
import type { Sink } from "./sink.ts";
import { wordLine } from "./word-line.ts";

/** Appends one line a word to a file. On disk before it counts as told. */
export function fileSink({ name, path, format }: SinkOf<"file">): Sink {
  return {
    name,
    atOnce: 100,
    tell: async (words) => {
      const file = await open(path, "a", 0o600);
      try {
        await file.writeFile(words.map((word) => wordLine(word, format)).join(""));
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}
