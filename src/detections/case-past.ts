import { createHash } from "node:crypto";
import { z } from "zod";
import type { RawRecord } from "../records/record.ts";

/** How often and for how long the past went on before a case begins. */
export const pastShape = {
  /** Days before the case's own, each with as many sessions. */
  days: z.int().min(1).max(60).default(28),
  perDay: z.int().min(1).max(10).default(3),
};

type Past = Readonly<Record<keyof typeof pastShape, number>>;

/**
 * The records, once for each session of the past: `past-1`, `past-2`, … of the same roles, the
 * sessions of a day an hour apart.
 */
export function pastRecords(
  { days, perDay }: Past,
  records: readonly RawRecord[],
): readonly RawRecord[] {
  return Array.from({ length: days * perDay }, (_, n) => {
    const [day, ofDay] = [Math.floor(n / perDay) + 1, n % perDay];
    const backMs = day * dayMs - ofDay * hourMs;
    return records.map((record) => ({
      ...record,
      ...moved(record, "eventTime", backMs),
      userIdentity: identityOf(record["userIdentity"], { name: `past-${n + 1}`, backMs }),
      eventID: madeUpId(`${String(record["eventID"])} ${n}`),
      requestID: madeUpId(`${String(record["requestID"])} ${n}`),
    }));
  }).flat();
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Session {
  readonly name: string;
  readonly backMs: number;
}

function identityOf(identity: unknown, session: Session): unknown {
  if (!isObject(identity) || identity["type"] !== "AssumedRole") return identity;
  const context = identity["sessionContext"];
  const attributes = isObject(context) ? context["attributes"] : undefined;
  const { name } = session;
  return {
    ...identity,
    principalId: String(identity["principalId"]).replace(/:.*/, `:${name}`),
    arn: String(identity["arn"]).replace(/[^/]*$/, name),
    accessKeyId: `ASIA${madeUpId(name).replaceAll("-", "").slice(0, 16).toUpperCase()}`,
    sessionContext: {
      ...(isObject(context) ? context : {}),
      ...(isObject(attributes)
        ? { attributes: { ...attributes, ...moved(attributes, "creationDate", session.backMs) } }
        : {}),
    },
  };
}

function moved(from: RawRecord, key: string, backMs: number): RawRecord {
  const at = Date.parse(String(from[key]));
  if (Number.isNaN(at)) return {};
  return { [key]: new Date(at - backMs).toISOString().replace(".000Z", "Z") };
}

function isObject(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null;
}

function madeUpId(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4000-8000-${hex.slice(20, 32)}`;
}
