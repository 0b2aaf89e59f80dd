import { createHash } from "node:crypto";
import type { TrailEvent } from "../events/event.ts";
import type { Principal } from "../events/principal.ts";

/**
 * The group an event belongs to: what is stored, merged and judged together. A function of the
 * event alone, so that order and splitting of deliveries cannot change it.
 *
 * - an issue of a temporary credential: `AROATASK…:task-4711@2026-03-01T10:00:00.000Z`
 * - a temporary key whose record tells no creation date: `key:ASIA…`
 * - long-term keys, root, users without a session, by UTC day: `AIDA…/AKIA…@2026-03-01`
 * - services and foreign accounts, by UTC day: `service:ec2.amazonaws.com/111111111111@2026-03-01`,
 *   `account:…@…`
 * - anybody else, by UTC day: `<principal id>@2026-03-01`
 */
export function groupKey(event: TrailEvent): string {
  const { principal } = event;
  switch (formOf(principal)) {
    case "service":
      return `service:${part(principal.invokedBy)}/${accountOf(event)}@${dayOf(event.at)}`;
    case "account":
      return `account:${part(principal.id ?? principal.account)}@${dayOf(event.at)}`;
    case "issue":
      return issueKey(nameOf(principal), principal.createdAt ?? 0);
    case "key":
      return `key:${part(principal.accessKeyId)}`;
    case "long-term":
      return `${part(nameOf(principal))}/${part(principal.accessKeyId)}@${dayOf(event.at)}`;
    case "day":
      return `${part(nameOf(principal))}@${dayOf(event.at)}`;
  }
}

/** The key of the group that one issue of a principal's credentials opens. */
export function issueKey(principalId: string | null, createdAt: number): string {
  return `${part(principalId)}@${isoOf(createdAt)}`;
}

export type GroupForm = "issue" | "key" | "long-term" | "day" | "service" | "account";

export function formOf(principal: Principal): GroupForm {
  if (principal.kind === "account") return "account";
  if (principal.kind === "service") return "service";
  if (principal.type === null && principal.id === null && principal.arn === null) return "service";
  if (principal.createdAt !== null && principal.credentialKind !== "long-term") return "issue";
  if (principal.credentialKind === "temporary" && principal.accessKeyId !== null) return "key";
  if (principal.kind === "iam-user" || principal.kind === "root") return "long-term";
  return principal.credentialKind === "long-term" ? "long-term" : "day";
}

function accountOf({ principal, account }: TrailEvent): string {
  return part(principal.account ?? account);
}

/** Identity Center's users have no principal id: their directory id stands for them. */
function nameOf(principal: Principal): string | null {
  const { id, arn, onBehalfOf, userName, account } = principal;
  return id ?? arn ?? onBehalfOf?.userId ?? userName ?? account;
}

/**
 * A legitimate principal id of a role session has at most 86 characters; one of a web identity may
 * have more. Longer text keeps its beginning, for people, and is told apart by its hash.
 */
export const partLengthMax = 128;

function part(text: string | null): string {
  if (text === null) return "-";
  return text.length <= partLengthMax ? text : `${text.slice(0, 64)}~${digest(text)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function dayOf(at: number): string {
  return isoOf(at - (at % dayMs)).slice(0, 10);
}
const dayMs = 86_400_000;

/** An instant as ISO 8601 in UTC; one beyond what a `Date` holds, as its number. */
export function isoOf(at: number): string {
  const known = isoTexts.get(at);
  if (known !== undefined) return known;
  const text = Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at);
  if (isoTexts.size >= isoTextsMax) isoTexts.clear();
  isoTexts.set(at, text);
  return text;
}

/** Writing an instant takes half a microsecond; a session's calls share one creation date. */
const isoTexts = new Map<number, string>();
const isoTextsMax = 4096;

/** The UTC day, since the epoch, of a group's first event. */
export function groupDayOf({ firstAt }: { readonly firstAt: number }): number {
  return Math.floor(firstAt / 86_400_000);
}
