import type { FastifyReply, FastifyRequest } from "fastify";
import type { TokenConfig } from "../config/schema.ts";
import type { Decider } from "../findings/store.ts";
import type { Api, ServerOptions } from "./options.ts";
import { Problem } from "./problem.ts";
import { roles, tokenOf } from "./tokens.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The least role that may; `open` to everybody. Where a route says nothing: viewer. */
    role?: TokenConfig["role"] | "open";
  }
  interface FastifyRequest {
    /** Null before it is looked at, and for what no token fits. */
    caller: TokenConfig | null;
  }
}

/**
 * Looks at who calls before anything else, and refuses after the rate limit has counted the call
 * and before the body is read: `onRequest`, then the limit's own, then `preParsing`.
 *
 * A route that says nothing of roles asks for a token, so that forgetting to say it opens nothing:
 * addresses that are not there ask for one, too.
 */
export function addAccess(api: Api, { tokens }: Pick<ServerOptions, "tokens">): void {
  api.decorateRequest("caller", null);
  api.addHook("onRequest", (request, _reply, done) => {
    const text = presentedBy(request);
    request.caller = text === null ? null : tokenOf(text, tokens());
    done();
  });
  api.addHook("preParsing", (request, reply) => {
    const problem = refusal(request);
    if (problem?.kind === "unauthenticated") askForToken(request, reply);
    return problem === null ? Promise.resolve() : Promise.reject(problem);
  });
}

function refusal({ caller, routeOptions }: FastifyRequest): Problem | null {
  const needed = routeOptions.config.role ?? "viewer";
  if (needed === "open") return null;
  if (caller === null) {
    return new Problem(
      "unauthenticated",
      "No token that is known here came with the request. Send Authorization: Bearer <token>; " +
      "make one with: trailwarden token new --name <name> --role viewer",
    );
  }
  if (roles.indexOf(caller.role) >= roles.indexOf(needed)) return null;
  return new Problem(
    "forbidden",
    `The token ${caller.name} has the role ${caller.role}; this needs ${needed}. ` +
    "Use another token, or change its role under http.tokens in the config.",
  );
}

/**
 * `Bearer <token>`; and for reading `Basic` with the token as password, whatever the user name,
 * which is how a browser logs in to /docs. A browser sends Basic by itself, whoever's page asks for
 * it: so it changes nothing.
 */
function presentedBy({ headers, method }: FastifyRequest): string | null {
  const [scheme = "", value = ""] = (headers.authorization ?? "").split(" ", 2);
  switch (scheme.toLowerCase()) {
    case "bearer":
      return value;
    case "basic": {
      if (method !== "GET" && method !== "HEAD") return null;
      const pair = Buffer.from(value, "base64").toString();
      return pair.slice(pair.indexOf(":") + 1);
    }
    default:
      return null;
  }
}

/** Only the pages for people make a browser ask for a password. */
function askForToken(request: FastifyRequest, reply: FastifyReply): void {
  const isPage = request.url.startsWith("/docs");
  const basic = 'Basic realm="trailwarden: the token as password", charset="UTF-8"';
  void reply.header("www-authenticate", isPage ? basic : 'Bearer realm="trailwarden"');
}

/** Who makes a change, for the audit log; routes that change anything ask for a role. */
export function deciderOf({ caller }: FastifyRequest, at: number): Decider {
  if (caller === null) throw new Error("A change was let through without a token.");
  return { actor: `token:${caller.name}`, at };
}
