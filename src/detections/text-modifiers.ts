import type { Buffer } from "node:buffer";
import { base64, base64Offsets, dashForms, utf16, utf8 } from "./encodings.ts";
import type { ModifierName } from "./modifier-names.ts";
import {
  literalPattern,
  mapRuns,
  openAt,
  parsePattern,
  plainText,
  type Pattern,
  type Place,
} from "./pattern.ts";

const encodings = [
  "windash", "base64", "base64offset", "utf16le", "utf16be", "utf16", "wide",
] as const;
const places = ["contains", "startswith", "endswith"] as const;

/** The modifiers that change a text. */
export type TextModifier = Place | (typeof encodings)[number];

export function isTextModifier(name: ModifierName): name is TextModifier {
  return ([...places, ...encodings] as readonly ModifierName[]).includes(name);
}

export type Patterns = { readonly patterns: readonly Pattern[] } | { readonly error: string };

/** A text on its way through the modifiers: a pattern, or bytes that an encoding has made. */
type Draft = { readonly pattern: Pattern } | { readonly bytes: Buffer };
type Drafts = readonly Draft[] | { readonly error: string };

/**
 * A Sigma string after its modifiers, applied in their order: the patterns, any of which may match.
 */
export function patternsOf(text: string, steps: readonly TextModifier[]): Patterns {
  let drafts: readonly Draft[] = [{ pattern: parsePattern(text) }];
  for (const step of steps) {
    const next: Draft[] = [];
    for (const draft of drafts) {
      const made = apply(step, draft, text);
      if ("error" in made) return made;
      next.push(...made);
    }
    drafts = next;
  }
  const patterns: Pattern[] = [];
  for (const draft of drafts) {
    const pattern = patternOf(draft);
    if (pattern === null) {
      return { error: `${text} is not ASCII: its UTF-16 form is no text. Add base64.` };
    }
    patterns.push(pattern);
  }
  return { patterns };
}

function apply(step: TextModifier, draft: Draft, text: string): Drafts {
  switch (step) {
    case "contains":
    case "startswith":
    case "endswith": {
      const pattern = patternOf(draft);
      if (pattern === null) {
        return { error: `${text} is not ASCII: its UTF-16 form is no text. Add base64.` };
      }
      return [{ pattern: openAt(pattern, step) }];
    }
    case "windash": {
      const forms = "bytes" in draft ? null : mapRuns(draft.pattern, dashForms);
      if (forms === null) {
        return { error: `windash cannot permute ${text}: it has too many flags, or is encoded.` };
      }
      return forms.map((pattern) => ({ pattern }));
    }
    case "wide":
    case "utf16le":
    case "utf16be":
    case "utf16": {
      const plain = "bytes" in draft ? null : plainText(draft.pattern);
      if (plain === null) return { error: cannotEncode(text, step) };
      return [{ bytes: utf16(plain, step === "wide" ? "utf16le" : step) }];
    }
    case "base64":
    case "base64offset": {
      const bytes = bytesOf(draft);
      if (bytes === null) return { error: cannotEncode(text, step) };
      if (step === "base64") return [{ pattern: literalPattern(base64(bytes)) }];
      const forms = base64Offsets(bytes);
      if (forms.includes("")) {
        return { error: `${text} is too short for base64offset: it leaves nothing to find.` };
      }
      return forms.map((form) => ({ pattern: literalPattern(form) }));
    }
  }
}

function cannotEncode(text: string, step: TextModifier): string {
  const remedy = "Escape * and ? with a backslash.";
  return `${step} cannot encode ${text}: it has wildcards, or is encoded already. ${remedy}`;
}

function bytesOf(draft: Draft): Buffer | null {
  if ("bytes" in draft) return draft.bytes;
  const plain = plainText(draft.pattern);
  return plain === null ? null : utf8(plain);
}

/** Bytes stand in a field as text only where each is an ASCII character, or the byte order mark. */
function patternOf(draft: Draft): Pattern | null {
  if ("pattern" in draft) return draft.pattern;
  const { bytes } = draft;
  const hasMark = bytes[0] === 0xff && bytes[1] === 0xfe;
  const rest = hasMark ? bytes.subarray(2) : bytes;
  if (rest.some((byte) => byte > 127)) return null;
  return literalPattern((hasMark ? "\ufeff" : "") + rest.toString("latin1"));
}
