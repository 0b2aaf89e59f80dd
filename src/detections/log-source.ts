import { didYouMean } from "../text/nearest.ts";
import type { Detection } from "./detection.ts";
import type { Problems } from "./problems.ts";
import { entryOf, type MapNode } from "./rule-node.ts";

/**
 * What a document is about: CloudTrail (`product: aws`, `service: cloudtrail`, either alone), or
 * what becomes true of tasks and of where events come from (`product: trailwarden`, `service:
 * tasks` and `service: sources`); null for all else. A
 * category counts only where the service is not named: `category: management` beside it says which
 * of CloudTrail's events are meant. Documents about other logs are left out with a warning: their
 * fields mean something else.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
 */
export function logOf(root: MapNode, problems: Problems): Detection["log"] | null {
  const source = entryOf(root, "logsource");
  if (source === undefined) {
    problems.error(
      root.at,
      "The logsource is missing. Write product: aws and service: cloudtrail.",
    );
    return null;
  }
  if (source.value.kind !== "map") {
    problems.error(
      source.value.at,
      "The logsource must be a map such as product: aws, service: cloudtrail.",
    );
    return null;
  }
  const told = new Map<string, string>();
  for (const { key, value } of source.value.entries) {
    if (value.kind === "scalar" && value.value !== null) told.set(key, value.text.toLowerCase());
  }
  const [product, service, category] = [
    told.get("product"), told.get("service"), told.get("category"),
  ];
  if (product === "trailwarden" && (service === "tasks" || service === "sources")) return service;
  const isOurs =
    (category === undefined || service === "cloudtrail") &&
    (product ?? "aws") === "aws" &&
    (service ?? "cloudtrail") === "cloudtrail" &&
    (product ?? service) !== undefined;
  if (!isOurs) {
    const shown = [product, service, category].filter((part) => part !== undefined).join(" / ");
    problems.warning(
      source.value.at,
      `Not for CloudTrail (${shown || "no product, no service"}): left out.` +
        didYouMean(service ?? "", ["cloudtrail"]),
    );
  }
  return isOurs ? "cloudtrail" : null;
}
