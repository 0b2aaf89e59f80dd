import { hash } from "node:crypto";
import type { Config } from "./config/schema.ts";
import type { Markers } from "./records/markers.ts";
import type { ReadOptions } from "./records/read.ts";
import { markersFor, outsideMarkersFor, type NoMarkers } from "./sessions/markers.ts";
import { UsageError } from "./usage-error.ts";

/** Which records are read, and how the marks of deliveries tell that only these were. */
export interface ReadingChoice {
  readonly read: ReadOptions;
  /** Goes behind a delivery's id; empty where everything is read. */
  readonly mark: string;
}

/** Everything, or only what can be an agent's. A UsageError where agents cannot be told apart. */
export function readingChoice(config: Config, agentsOnly: boolean): ReadingChoice {
  const chosen = agentsOnly ? markersOf(config) : { markers: null };
  const read = { limits: config.read, ...chosen };
  return { read, mark: markOf(read) };
}

/**
 * Tells deliveries of which only some records were taken: what was skipped is read when a later
 * scan wants it, because it wants everything, or because other agents are declared.
 */
function markOf({ markers, outsideMarkers }: ReadOptions): string {
  if (markers === null) return "";
  return `~${hash("sha256", JSON.stringify([markers, outsideMarkers]), "hex").slice(0, 16)}`;
}

/**
 * With declared agents only what may be theirs is read; without any, whatever could have an agent
 * behind it.
 */
function markersOf(config: Config): Pick<ReadOptions, "markers" | "outsideMarkers"> {
  if (config.agents.length === 0) return { markers: certain(markersFor(config, "any")) };
  return {
    markers: certain(markersFor(config, "declared")),
    outsideMarkers: certain(outsideMarkersFor(config)),
  };
}

function certain(markers: Markers | NoMarkers): Markers {
  if (!("none" in markers)) return markers;
  throw new UsageError(
    `Cannot tell agents' records apart: ${markers.none} ` +
      "Read everything: scan without --agents-only, watch with --all-records.",
  );
}
