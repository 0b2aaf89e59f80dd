import { z } from "zod";
import { Refusal, type Told } from "../query.ts";
import type { Place } from "./action.ts";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
const characters = /^[\w+=,.@-]+$/;
const wrongCharacters = "Member must satisfy regular expression pattern: [\\w+=,.@-]+";

export const name = (most: number) =>
  z.string().min(1).max(most).regex(characters, wrongCharacters);
export const path = z.string().max(512).regex(/^(?:\/|\/[!-~]+\/)$/, "a path");
export const arn = z.string().min(20).max(2048);
export const document = z.string().min(1).max(131_072).regex(/^[\t\n\r\u0020-\u00ff]+$/);
export const flag = z.enum(["true", "false"]).transform((text) => text === "true");
export const versionId = z.string().regex(/^v[1-9]\d*$/, "a version id");

export function whole(least: number, most: number) {
  return z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(least).max(most));
}

/** An empty list comes as an empty text. */
export function list<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => value === "" ? [] : value, z.array(item));
}

export const tags = list(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string() }));

export const paging = {
  Marker: z.string().min(1).optional(),
  MaxItems: whole(1, 1000).optional(),
};

interface Paging {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** A page of all, with what to ask the next one with. */
export function paged<T>(
  place: Place, all: readonly T[], { Marker, MaxItems = 100 }: Paging,
): { readonly page: readonly T[]; readonly rest: { readonly [name: string]: Told } } {
  const from = Marker === undefined ? 0 : placeOf(Marker);
  const to = from + Math.min(MaxItems, place.pageSize);
  const isTruncated = to < all.length;
  const marker = isTruncated ? Buffer.from(`from ${to}`).toString("base64") : null;
  return { page: all.slice(from, to), rest: { IsTruncated: isTruncated, Marker: marker } };
}

function placeOf(marker: string): number {
  const from = /^from (\d+)$/.exec(Buffer.from(marker, "base64").toString())?.[1];
  if (from === undefined) throw new Refusal(400, "ValidationError", "Invalid Marker.");
  return Number(from);
}

/** Documents are answered as a part of an address would be written (RFC 3986). */
export function encoded(document: string): string {
  return encodeURIComponent(document)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function tagsTold(held: ReadonlyMap<string, string>): Told {
  return [...held].map(([Key, Value]) => ({ Key, Value }));
}
