import type { Config } from "../config/schema.ts";
import { compileRoleGlob } from "./agent-matchers.ts";
import { modes, type Mode, type RoleMode } from "./attribution.ts";
import type { Glob } from "./glob.ts";

export interface ModeFacts {
  readonly roleArn: string | null;
  readonly roleName: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly policyArns: readonly string[];
}

/**
 * What the session's role is for: declared in the config, or guessed from tags, session policies,
 * the name.
 */
export function modeOf(facts: ModeFacts, config: Config): RoleMode {
  const declared = facts.roleArn === null ? null : declaredMode(facts.roleArn, config);
  if (declared !== null) return { mode: declared, basis: "config", isGuessed: false };
  const tagged = taggedMode(facts.tags);
  if (tagged !== null) return { mode: tagged, basis: "session-tag", isGuessed: true };
  if (facts.policyArns.some(isReadOnlyPolicy)) {
    return { mode: "readonly", basis: "session-policy", isGuessed: true };
  }
  const named = facts.roleName === null ? null : namedMode(facts.roleName);
  if (named !== null) return { mode: named, basis: "role-name", isGuessed: true };
  return { mode: "unknown", basis: "none", isGuessed: false };
}

const compiledRoles = new WeakMap<Config, readonly { matches: Glob; mode: Mode }[]>();

/** The first pattern that matches decides, as the config lists them. */
function declaredMode(arn: string, config: Config): Mode | null {
  let roles = compiledRoles.get(config);
  if (roles === undefined) {
    roles = config.roles.map((role) => ({ matches: compileRoleGlob(role.arn), mode: role.mode }));
    compiledRoles.set(config, roles);
  }
  return roles.find(({ matches }) => matches(arn))?.mode ?? null;
}

function taggedMode(tags: ModeFacts["tags"]): Mode | null {
  for (const key of ["trailwarden:mode", "mode"]) {
    const value = Object.hasOwn(tags, key) ? plain(tags[key] ?? "") : null;
    const mode = modes.find((each) => plain(each) === value);
    if (mode !== undefined && mode !== "unknown") return mode;
  }
  return null;
}

/** `Read-Only`, `read_only` and `readonly` are one. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[-_ ]/g, "");
}

/**
 * AWS's managed policies that let nothing be changed. A session policy narrows, so one of them is
 * enough.
 */
function isReadOnlyPolicy(arn: string): boolean {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  return arn.includes(":iam::aws:policy/") && readOnlyPolicies.has(name);
}
const readOnlyPolicies = new Set(["ReadOnlyAccess", "ViewOnlyAccess", "SecurityAudit"]);

/**
 * Words of role names, in the order in which they decide: what is called read-only outright is
 * that, whatever else it is called; a `deploy-audit` deploys. Words are told apart by case and
 * punctuation: `hero` holds no `ro`.
 */
const nameWords: readonly (readonly [Mode, readonly string[]])[] = [
  ["break-glass", ["break-glass", "breakglass", "emergency"]],
  ["readonly", ["readonly", "read-only", "ro", "viewonly", "view-only"]],
  ["deploy", ["deploy", "deployer", "deployment"]],
  ["readwrite", ["admin", "administrator", "poweruser", "power-user"]],
  ["readwrite", ["write", "writer", "readwrite", "rw"]],
  ["readonly", ["viewer", "audit", "auditor", "reader"]],
];

function namedMode(name: string): Mode | null {
  const words = `-${wordsOf(name).join("-")}-`;
  const found = nameWords.find(([, each]) => each.some((word) => words.includes(`-${word}-`)));
  return found?.[0] ?? null;
}

/**
 * `ReadOnlyAccess` and `read_only.access` -> read, only, access; `AWSReadOnly` -> aws, read, only.
 */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1-$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
