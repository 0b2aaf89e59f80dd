import { createHash } from "node:crypto";
import type { RawRecord } from "../records/record.ts";
import { caseBases } from "./case-bases.ts";
import type { CaseBaseName } from "./case-bases.ts";

/** How a case writes a record: from a base, or from a record the file shares, with changes. */
export interface Patch {
  readonly base?: CaseBaseName | undefined;
  readonly use?: string | undefined;
  /** Dotted path -> value; numbers in a path are list positions. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  readonly unset?: readonly string[] | undefined;
  /** Moves `eventTime` on. */
  readonly afterSeconds?: number | undefined;
  /** So many copies, each with its own ids. */
  readonly times?: number | undefined;
  /** Between the copies. */
  readonly everySeconds?: number | undefined;
}

export type WrittenRecord = Patch | RawRecord;

/** CloudTrail has no such fields, so they tell a patch from a record. */
export function isPatch(written: WrittenRecord): written is Patch {
  return Object.hasOwn(written, "base") || Object.hasOwn(written, "use");
}

/**
 * The records a case means. Each without an `eventID` or `requestID` gets one that depends on the
 * case's name and the record's place alone, so that a run can be repeated.
 */
export function recordsOf(
  name: string,
  written: readonly WrittenRecord[],
  shared: Readonly<Record<string, WrittenRecord>>,
): readonly RawRecord[] {
  const plain = written.flatMap((one) => expand(one, shared));
  return plain.map((record, index) => ({
    ...record,
    eventID: record["eventID"] ?? madeUpId(`event ${index} of ${name}`),
    requestID: record["requestID"] ?? madeUpId(`request ${index} of ${name}`),
  }));
}

function expand(
  written: WrittenRecord,
  shared: Readonly<Record<string, WrittenRecord>>,
): readonly RawRecord[] {
  if (!isPatch(written)) return [written];
  const [record] = startOf(written, shared);
  if (record === undefined) return [];
  let changed = record;
  for (const path of written.unset ?? []) changed = withoutPath(changed, path.split("."));
  for (const [path, value] of Object.entries(written.set ?? {})) {
    changed = withPath(changed, path.split("."), value);
  }
  const copies = Array.from({ length: written.times ?? 1 }, (_, i) => i);
  return copies.map((i) =>
    later(changed, (written.afterSeconds ?? 0) + i * (written.everySeconds ?? 1)),
  );
}

/** A shared record may itself be a patch, of a base only: the schema allows no more. */
function startOf(
  { base, use }: Patch,
  shared: Readonly<Record<string, WrittenRecord>>,
): readonly RawRecord[] {
  if (base !== undefined) return [caseBases[base]];
  const found = use !== undefined && Object.hasOwn(shared, use) ? shared[use] : undefined;
  return found === undefined ? [] : expand(found, {});
}

function later(record: RawRecord, seconds: number): RawRecord {
  const at = typeof record["eventTime"] === "string" ? Date.parse(record["eventTime"]) : Number.NaN;
  if (seconds === 0 || Number.isNaN(at)) return record;
  return {
    ...record,
    eventTime: new Date(at + seconds * 1000).toISOString().replace(".000Z", "Z"),
  };
}

function withPath(value: unknown, [step, ...rest]: readonly string[], leaf: unknown): RawRecord {
  if (step === undefined) return leaf as RawRecord;
  const inner = (isContainer(value) ? value[step] : undefined);
  const changed: unknown = rest.length === 0 ? leaf : withPath(inner, rest, leaf);
  // A list stays a list: CloudTrail's `resources`, `tags` and the like.
  if (Array.isArray(value)) return Object.assign([...(value as unknown[])], { [step]: changed });
  return { ...(isContainer(value) ? value : {}), [step]: changed };
}

function withoutPath(record: RawRecord, [step = "", ...rest]: readonly string[]): RawRecord {
  const inner = record[step];
  if (rest.length === 0) {
    return Object.fromEntries(Object.entries(record).filter(([key]) => key !== step));
  }
  return isContainer(inner) ? { ...record, [step]: withoutPath(inner, rest) } : record;
}

function isContainer(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null;
}

/** In the shape of AWS's ids, from a hash. */
function madeUpId(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join("-");
}
