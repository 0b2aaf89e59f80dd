import { z } from "zod";
import { bucketVersion, byCategory, byMeasure, type DayBucket, type Seen } from "./day-bucket.ts";
import { highestBin } from "./histogram.ts";
import type { Past } from "./levels.ts";

const Count = z.int().min(0);
const Voice = z.int().min(0).max(4095);
/** What is merged is taken to be in order. */
const Bin = z.int().min(-1).max(highestBin);
const HistogramText = inOrder(z.array(z.tuple([Bin, Count])), ([bin]) => bin);
const KeptText = z.strictObject({
  entries: inOrder(z.array(z.tuple([z.string(), z.tuple([Count], Voice)])), ([value]) => value),
  knownBelow: z.number().nullable(),
});

const BucketText = z.strictObject({
  sessions: Count,
  voices: z.array(Voice),
  values: z.strictObject(byCategory(() => KeptText)),
  numbers: z.strictObject(byMeasure(() => HistogramText)),
  scores: HistogramText,
  scoresAbove: HistogramText,
});

/** A subject's past as it leaves one store and enters another. */
export const ExportedPast = z.strictObject({
  version: z.literal(bucketVersion),
  subject: z.strictObject({
    role: z.string().min(1).max(256),
    agent: z.string().min(1).max(256).nullable(),
    kind: z.enum(["ai", "automation", "declared", "none"]),
  }),
  days: z.record(z.iso.date(), BucketText),
});
export type ExportedPast = z.infer<typeof ExportedPast>;

export function exportedPast({ subject, days }: Past): ExportedPast {
  const dated: Record<string, DayBucket> = {};
  for (const [day, bucket] of [...days].sort(([a], [b]) => a - b)) {
    dated[new Date(day * dayMs).toISOString().slice(0, 10)] = bucket;
  }
  return ExportedPast.parse({ version: bucketVersion, subject, days: dated });
}

/** What was exported, to stand in for days on which nothing was learned here. */
export function pastFrom({ subject, days }: ExportedPast): Past {
  const read = Object.entries(days).map(([date, text]): readonly [number, DayBucket] => [
    Date.parse(date) / dayMs,
    {
      ...text,
      values: byCategory((category) => ({
        ...text.values[category],
        entries: text.values[category].entries
          .map(([value, seen]): readonly [string, Seen] => [value, seen]),
      })),
    },
  ]);
  return { subject, days: new Map(read), from: null };
}

function inOrder<T>(list: z.ZodArray<z.ZodType<T>>, by: (item: T) => string | number) {
  const error = "in ascending order, each once";
  return list.refine((items) => items.every((item, i) => {
    const before = items[i - 1];
    return before === undefined || by(before) < by(item);
  }), error);
}

const dayMs = 86_400_000;
