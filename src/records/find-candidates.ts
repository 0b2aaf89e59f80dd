import { isGzip } from "./inflate.ts";
import { kindByName, kindMarkers } from "./kinds.ts";
import { wholeBytesMax } from "./open.ts";
import { scanGzip } from "./scan/gzip-scan.ts";
import type { Markers } from "./markers.ts";
import type { ReadOptions } from "./read.ts";
import type { Candidates } from "./scan/gzip-scan.ts";
import type { Sought } from "./scan/learning.ts";

/**
 * Records inside a string are escaped twice, where the scan does not see the markers: such entries
 * are all parsed.
 */
const wrapperKey = "CloudTrailEvent";

/** What the scan looks for where markers choose. */
export function soughtFor(
  markers: Markers,
  { outsideMarkers }: Pick<ReadOptions, "outsideMarkers">,
): Sought {
  const others = [...kindMarkers, wrapperKey];
  if (outsideMarkers === undefined) return { markers: [...markers, ...others], unlessService: [] };
  const always = new Set([...outsideMarkers, ...others]);
  return {
    markers: [...always],
    unlessService: markers.filter((marker) => !always.has(marker)),
  };
}

/**
 * The records of a gzip file that have to be parsed, found without holding it inflated. Null where
 * nothing chooses, and for every file that is not quite regular: then it is read as a whole.
 */
export function findCandidates(
  { name, bytes }: { readonly name: string; readonly bytes: Buffer },
  { markers, outsideMarkers, limits }: ReadOptions,
): Candidates | null {
  if (markers === null || !isGzip(bytes) || kindByName(name) !== null) return null;
  const bytesMax = Math.min(limits.inflatedBytesMax, wholeBytesMax);
  const found = scanGzip(bytes, soughtFor(markers, { outsideMarkers }), bytesMax);
  if (found === null || found.totalCount > limits.recordsMax) return null;
  const { starts } = found;
  const isTooLarge = starts.some(
    (start, i) => (starts[i + 1] ?? start) - start > limits.recordBytesMax,
  );
  return isTooLarge ? null : found;
}
