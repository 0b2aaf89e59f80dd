import { createHash } from "node:crypto";

/** What a session is called, and what it was to be called where AWS does not allow that. */
export interface MadeName {
  readonly name: string;
  /** Null when nothing had to be changed. */
  readonly wanted: string | null;
}

export interface NameParts {
  readonly agent: string;
  readonly task: string;
  readonly mode: string;
  readonly actor: string;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** `{agent}-{epoch}` with what the names in braces stand for, as {@link sessionNameOf}. */
export function sessionNameFrom(template: string, parts: NameParts): MadeName {
  const wanted = template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(parts, name) ? String(parts[name as keyof NameParts]) : whole,
  );
  return sessionNameOf(wanted);
}

/**
 * A text as a name that AWS takes for a role session or a source identity: `[\w+=,.@-]{2,64}`, in
 * ASCII. What it does not take becomes `-`. What is too long keeps its beginning, and the hash of
 * the whole, so that two long names stay two.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function sessionNameOf(wanted: string): MadeName {
  const allowed = wanted.replaceAll(/[^A-Za-z0-9_+=,.@-]+/g, "-").padEnd(nameMin, "-");
  const name = allowed.length <= nameMax ? allowed : shortened(allowed, wanted);
  return { name, wanted: name === wanted ? null : wanted };
}
const nameMin = 2;
const nameMax = 64;
const hashDigits = 8;

function shortened(text: string, whole: string): string {
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, hashDigits);
  return `${text.slice(0, nameMax - hashDigits - 1)}-${hash}`;
}

/**
 * A text as the value of a session tag: letters, digits and spaces of any script, `_.:/=+-@`, at
 * most 256 of them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function tagValueOf(text: string): string {
  const allowed = text.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_");
  // Not in the middle of a character beyond 16 bits.
  return allowed.slice(0, 256).replace(/[\ud800-\udbff]$/, "");
}

/**
 * What stands for `{task}` in a session's name that an agent's template made, or where the template
 * has none, for `{epoch}`: one session of such a name is one task. Null where it is no such name.
 */
export function externalIdIn(name: string, template: string, agent: string): string | null {
  const groups = patternOf(template, agent).exec(name)?.groups;
  return groups?.["task"] ?? groups?.["epoch"] ?? null;
}

const patterns = new Map<string, RegExp>();

/** Of few groups that may be of any length, so that no name of 64 characters takes long. */
function patternOf(template: string, agent: string): RegExp {
  const key = `${template}\n${agent}`;
  const known = patterns.get(key);
  if (known !== undefined) return known;
  const met = new Set<string>();
  const source = template.replaceAll(/\{(\w+)\}|[^{]+/g, (text, part: string | undefined) => {
    if (part === undefined) return escaped(text);
    if (part === "agent") return escaped(agent);
    const values = valuesOf[part] ?? ".+?";
    if (met.has(part)) return `\\k<${part}>`;
    met.add(part);
    return `(?<${part}>${values})`;
  });
  const pattern = new RegExp(`^${source}$`);
  patterns.set(key, pattern);
  return pattern;
}

const valuesOf: Readonly<Record<string, string>> = {
  epoch: "\\d{9,13}",
  mode: "readonly|readwrite|deploy|break-glass",
};

function escaped(text: string): string {
  return text.replaceAll(/[.+]/g, "\\$&");
}
