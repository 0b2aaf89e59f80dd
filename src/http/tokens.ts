import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import ipaddr from "ipaddr.js";
import type { TokenConfig } from "../config/schema.ts";

/** Each may what those before it may. */
export const roles = ["viewer", "responder", "admin"] as const;

/** A token's text, seen once, and what the config keeps of it. */
export interface NewToken {
  /** `tw_` and 32 random bytes, base64url. */
  readonly text: string;
  readonly token: TokenConfig;
}

export function newToken(name: string, role: TokenConfig["role"]): NewToken {
  const text = `tw_${randomBytes(32).toString("base64url")}`;
  return { text, token: tokenFrom(text, name, role) };
}

/** What the config keeps of a token whose text is given. */
export function tokenFrom(text: string, name: string, role: TokenConfig["role"]): TokenConfig {
  return { name, role, sha256: digestOf(text).toString("hex") };
}

/** For a run on loopback with no tokens in its config: whoever sees the terminal may do all. */
export function oneTimeToken(): NewToken {
  return newToken("one-time", "admin");
}

/**
 * The token whose text this is. Digests are compared, each in the same time: how long it takes says
 * nothing of how much was right. (A digest without salt or stretching will do: the text has 256
 * bits of chance.)
 */
export function tokenOf(text: string, tokens: readonly TokenConfig[]): TokenConfig | null {
  const digest = digestOf(text);
  let found: TokenConfig | null = null;
  for (const token of tokens) {
    if (timingSafeEqual(digest, Buffer.from(token.sha256, "hex"))) found = token;
  }
  return found;
}

/** Why HTTP must not be served there, for a UsageError; null when it may. */
export function refusalToBind(host: string, tokens: readonly TokenConfig[]): string | null {
  if (tokens.length > 0 || isLoopback(host)) return null;
  return `Cannot serve HTTP on ${host}: others may reach it, and http.tokens is empty. ` +
    "Make a token with: trailwarden token new --name <name> --role admin, " +
    "or set http.host to 127.0.0.1.";
}

function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
