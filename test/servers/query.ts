import type { Answer } from "../aws/aws-server.ts";

/**
 * AWS's query protocol, as IAM and STS speak it: a form in, XML out.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What a form says, without knowing what is asked: text, lists, structs. */
export type Asked = string | readonly Asked[] | { readonly [name: string]: Asked };

interface Branch {
  readonly parts: Map<string, Branch>;
  text: string | null;
}

/** `Tags.member.1.Key=a` -> `{ Tags: [{ Key: "a" }] }`. Throws a Refusal for another form. */
export function askedIn(body: string): Readonly<Record<string, Asked>> {
  const root: Branch = { parts: new Map(), text: null };
  for (const [key, value] of new URLSearchParams(body)) {
    const leaf = key.split(".").reduce((branch, part) => {
      const next = branch.parts.get(part) ?? { parts: new Map(), text: null };
      branch.parts.set(part, next);
      return next;
    }, root);
    if (leaf.text !== null) throw new Refusal(400, "MalformedInput", `${key} comes twice.`);
    leaf.text = value;
  }
  return Object.fromEntries([...root.parts].map(([name, branch]) => [name, valueOf(branch)]));
}

function valueOf({ parts, text }: Branch): Asked {
  if (parts.size === 0) return text ?? "";
  if (text !== null) throw new Refusal(400, "MalformedInput", "A value cannot have parts.");
  const members = parts.get("member");
  if (members === undefined || parts.size > 1) {
    return Object.fromEntries([...parts].map(([name, branch]) => [name, valueOf(branch)]));
  }
  return Array.from({ length: members.parts.size }, (_, i) => {
    const member = members.parts.get(String(i + 1));
    if (member === undefined) throw new Refusal(400, "MalformedInput", "A list has a gap.");
    return valueOf(member);
  });
}

/** What an answer is made of; null and absent are left out, a Map is written as entries. */
export type Told =
  | string | number | boolean | Date | null | undefined
  | readonly Told[] | ReadonlyMap<string, Told> | { readonly [name: string]: Told };

const header = { "content-type": "text/xml" };
const metadata = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>";

/** @param told null where AWS has no result element */
export function answered(xmlns: string, action: string, told: Told): Answer {
  const result = told === null ? "" : `<${action}Result>${xmlOf(told)}</${action}Result>`;
  const body = `<${action}Response xmlns="${xmlns}">${result}${metadata}</${action}Response>`;
  return { status: 200, headers: header, body };
}

export function refused(xmlns: string, { status, code, message }: Refusal): Answer {
  const type = status < 500 ? "Sender" : "Receiver";
  const error = xmlOf({ Type: type, Code: code, Message: message });
  const body = `<ErrorResponse xmlns="${xmlns}"><Error>${error}</Error><RequestId>r</RequestId>` +
    "</ErrorResponse>";
  return { status, headers: header, body };
}

function xmlOf(told: Told): string {
  if (told === null || told === undefined) return "";
  if (typeof told === "string") return escaped(told);
  if (told instanceof Date) return told.toISOString().replace(".000Z", "Z");
  if (typeof told !== "object") return String(told);
  if (isList(told)) return told.map((one) => `<member>${xmlOf(one)}</member>`).join("");
  if (isMap(told)) {
    return [...told].map(([key, value]) => `<entry>${xmlOf({ key, value })}</entry>`).join("");
  }
  return Object.entries(told)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `<${name}>${xmlOf(value)}</${name}>`)
    .join("");
}

const isList = (told: object): told is readonly Told[] => Array.isArray(told);
const isMap = (told: object): told is ReadonlyMap<string, Told> => told instanceof Map;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
