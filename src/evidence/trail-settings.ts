import { readArn } from "../events/arn.ts";
import { flawWeights, type FlawKind } from "./flaw.ts";
import type { PlacedFlaw } from "./report.ts";

/** What one of a trail's selectors takes in. */
export interface SelectedEvents {
  /** `Management`, `Data`, `NetworkActivity`. */
  readonly category: string;
  readonly isRead: boolean;
  readonly isWrite: boolean;
  /** `kms.amazonaws.com` */
  readonly leftOutSources: readonly string[];
  /** By names of events, say: then it takes in only some. */
  readonly isNarrowed: boolean;
}

/** How a trail is set up now. */
export interface TrailSettings {
  readonly arn: string;
  readonly name: string;
  readonly homeRegion: string;
  readonly isMultiRegion: boolean;
  /** Of IAM, STS and others that are in no region. */
  readonly hasGlobalEvents: boolean;
  readonly isValidated: boolean;
  readonly isLogging: boolean;
  /** S3's own word; null when the last delivery went well. */
  readonly deliveryError: string | null;
  readonly selected: readonly SelectedEvents[];
}

/** What such trails will not prove, or not tell, from now on. */
export function settingFlaws(trails: readonly TrailSettings[]): readonly PlacedFlaw[] {
  return trails.flatMap((trail) =>
    faultsOf(trail).map(([kind, detail]): PlacedFlaw => ({
      kind, detail, weight: flawWeights[kind], account: readArn(trail.arn)?.account ?? "",
      region: trail.homeRegion, trail: trail.name, key: null, fromAt: null, toAt: null,
    })));
}

type Fault = readonly [FlawKind, string];

function faultsOf(trail: TrailSettings): readonly Fault[] {
  const { isLogging, isValidated, isMultiRegion, hasGlobalEvents, deliveryError, arn } = trail;
  const cli = (words: string) => `aws cloudtrail ${words} --name ${arn}`;
  const faults: (Fault | null)[] = [
    isLogging ? null : ["trail-stopped", `It does not log. Start it: ${cli("start-logging")}`],
    deliveryError === null ? null
      : ["trail-failing", `It could not deliver (${deliveryError}): check the bucket's policy.`],
    isValidated ? null : [
      "trail-unvalidated",
      `It makes no digests: ${cli("update-trail")} --enable-log-file-validation`,
    ],
    isMultiRegion ? null : [
      "trail-partial",
      `It is of ${trail.homeRegion} alone: ${cli("update-trail")} --is-multi-region-trail`,
    ],
    hasGlobalEvents ? null : [
      "trail-partial",
      `It leaves out IAM and STS: ${cli("update-trail")} --include-global-service-events`,
    ],
    ...selectorFaults(trail),
  ];
  return faults.filter((fault) => fault !== null);
}

function selectorFaults({ selected, arn }: TrailSettings): readonly Fault[] {
  const management = selected.filter(({ category }) => category === "Management");
  const whole = management.filter(({ isNarrowed }) => !isNarrowed);
  const missing = [
    ...(whole.some(({ isRead }) => isRead) ? [] : ["reading ones"]),
    ...(whole.some(({ isWrite }) => isWrite) ? [] : ["writing ones"]),
    ...whole.flatMap(({ leftOutSources }) => leftOutSources).map((source) => `those of ${source}`),
  ];
  const faults: Fault[] = missing.length === 0 ? [] : [[
    "events-left-out",
    `Of management events it leaves out ${missing.join(", ")}: see aws cloudtrail ` +
      `get-event-selectors --trail-name ${arn}`,
  ]];
  if (selected.some(({ category }) => category === "Data")) return faults;
  const detail = "It takes no data events: what agents do with objects, items, messages and " +
    "functions leaves no trace.";
  return [...faults, ["no-data-events", detail]];
}

/** Where nobody tells of a trail: it may be another account's. */
export function noTrailFlaw(bucket: string, account: string): PlacedFlaw {
  return {
    kind: "no-trail", weight: flawWeights["no-trail"], account, region: null, trail: null,
    key: null, fromAt: null, toAt: null,
    detail: `None of the trails that these credentials see writes into ${bucket}: ask as the ` +
      "account whose trail it is.",
  };
}
